import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { projectFolder } from '../../../local/source-files.ts';
import { KINDS } from '../kinds.ts';
import type { Written, WrittenObject } from './objects.ts';

const yamlFilesIn = (folder: string): string[] =>
  readdirSync(join(projectFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `${folder}/${file}`);

/** Every file of this repository with objects of these kinds in it. */
export const filesWithObjects = (): string[] => ['contexts', 'samples'].flatMap(yamlFilesIn).sort();

export const objectsIn = (file: string): Written[] =>
  parseAllDocuments(readFileSync(join(projectFolder, file), 'utf8')).map((document) => {
    const object = document.toJS() as WrittenObject;
    const kind = KINDS.find((one) => one.kind === object.kind);
    if (!kind) throw new Error(`${file} has an object of the unknown kind ${object.kind}`);
    return { kind, object };
  });
