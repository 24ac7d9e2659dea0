import { match } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../source-files.ts';

const biome = join(projectFolder, 'node_modules/@biomejs/biome/bin/biome');
const options = ['--colors=off', '--vcs-enabled=false', `--config-path=${projectFolder}`];

/** What Biome says under the project's configuration. It says nothing of text on stdin. */
const verdictOn = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  writeFileSync(join(folder, 'a.ts'), text);
  const { stdout, stderr } = spawnSync(process.execPath, [biome, 'lint', ...options], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return stdout + stderr;
};

const planted = [
  [
    'a function of 51 lines',
    'noExcessiveLinesPerFunction',
    `export const a = () => {\n${'b();\n'.repeat(51)}};`,
  ],
  ['four parameters', 'useMaxParams', 'export const c = (d, e, f, g) => d + e + f + g;'],
  ['any', 'noExplicitAny', 'export const h = (i: any): unknown => i;'],
  ['a non-null assertion', 'noNonNullAssertion', 'export const j = (k?: string): string => k!;'],
  ['a default export', 'noDefaultExport', 'export default 1;'],
  ['a barrel', 'noBarrelFile', "export * from './l.ts';"],
] as const;

describe('biome.json', () => {
  let verdict = '';
  before(() => {
    verdict = verdictOn(planted.map(([, , text]) => text).join('\n'));
  });

  for (const [what, rule] of planted) {
    it(`refuses ${what}`, () => match(verdict, new RegExp(rule)));
  }
});
