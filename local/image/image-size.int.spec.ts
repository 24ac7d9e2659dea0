import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CONTEXTS } from '../contexts.ts';
import { projectFolder } from '../source-files.ts';
import { entryOf, filesOf } from './files-of.ts';

const LIMIT_MB = 300;

const inProject = (path: string) => join(projectFolder, path);

/** On disk, where a file takes whole blocks of 4 KiB. */
const sizeOf = (path: string): number => Math.ceil(statSync(path).size / 4_096) * 4_096;

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

const sum = (paths: readonly string[]): number =>
  paths.reduce((total, path) => total + sizeOf(path), 0) / 2 ** 20;

/** What `npm ci --omit=dev` would install, of what is installed here. */
const productionPackages = (): string[] => {
  const lock = JSON.parse(readFileSync(inProject('package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev = false }]) => path !== '' && !dev && existsSync(inProject(path)))
    .map(([path]) => inProject(path));
};

describe('an image', function () {
  this.timeout(30_000);

  it(`has at most ${LIMIT_MB} MB above its base: the packages and its sources`, () => {
    const packages = productionPackages();
    assert.ok(packages.length > 20, `only ${packages.length} packages`);
    const files = new Set(packages.flatMap(filesBelow));
    const packagesMb = sum([...files]);
    for (const name of [...CONTEXTS.map((context) => context.name), 'relay', 'operator']) {
      const entry = entryOf(name, (path) => existsSync(inProject(path)));
      const sources = filesOf(entry, (path) => readFileSync(inProject(path), 'utf8')).map(inProject);
      const mb = packagesMb + sum(sources);
      assert.ok(mb > 10 && mb <= LIMIT_MB, `${name} has ${Math.round(mb)} MB`);
    }
  });
});
