// The rules that Biome has not. Function size, complexity and parameters are Biome's (biome.json).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder, sourceFiles } from '../source-files.ts';
import { fileIsTooLong, type Rule } from './file-is-too-long.ts';
import { importPointsOutwards } from './import-points-outwards.ts';

const rules: readonly Rule[] = [fileIsTooLong, importPointsOutwards];

const faults = sourceFiles('**/*.{ts,tsx,mts,mjs}').flatMap((path) => {
  const text = readFileSync(join(projectFolder, path), 'utf8');
  return rules.flatMap((rule) => rule({ path, text }));
});
for (const { path, message } of faults) console.error(`${path} ${message}.`);
process.exitCode = faults.length > 0 ? 1 : 0;
