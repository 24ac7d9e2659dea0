import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectFolder, sourceFiles } from '../local/source-files.ts';

type Document = { readonly path: string; readonly text: string };

/** What programs print is theirs. */
const OUTPUT = /^```text\n[\s\S]*?^```\n/gm;

const documents: Document[] = sourceFiles('**/*.md').map((path) => ({
  path,
  text: readFileSync(join(projectFolder, path), 'utf8').replaceAll(OUTPUT, ''),
}));
const linesOf = ({ text }: Document): number => text.trimEnd().split('\n').length;
/** A test follows it. */
const isGuide = ({ path }: Document): boolean =>
  path.startsWith('docs/add-a-') || path === 'docs/kubernetes.md';
const exists = (...parts: string[]): boolean => existsSync(join(projectFolder, ...parts));

/** Whatever of all documents a pattern's first group finds and a check refuses. */
const faults = (pattern: RegExp, isFine: (found: string, document: Document) => boolean): string[] =>
  documents.flatMap((document) =>
    [...document.text.matchAll(pattern)].flatMap(([, found = '']) =>
      isFine(found, document) ? [] : [`${document.path}: ${found}`],
    ),
  );

describe('the documents', () => {
  it('keep to their size: 120 lines at the root, 60 in folders, 25 to 60 for a decision', () => {
    const tooLong = documents.filter((document) => {
      if (isGuide(document)) return false;
      const lines = linesOf(document);
      const isDecision = document.path.startsWith('docs/adr/');
      return lines > (document.path.includes('/') ? 60 : 120) || (isDecision && lines < 25);
    });
    assert.deepEqual(
      tooLong.map(({ path }) => path),
      [],
    );
  });

  it('link to what is there', () => {
    const found = faults(/\]\(([^)#]+)[^)]*\)/g, (link, { path }) => exists(dirname(path), link));
    assert.deepEqual(found, []);
  });

  it('name commands that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
    assert.deepEqual(
      faults(/npm run ([a-z0-9:-]+)/g, (script) => Object.hasOwn(scripts, script)),
      [],
    );
  });

  it('name files that are there', () => {
    const inGuides = (path: string) =>
      documents.filter(isGuide).some(({ text }) => text.includes(`\`${path}\`:`));
    const isThere = (found: string, { path }: Document) =>
      exists(found) || exists(dirname(path), found) || exists(dirname(path), '..', found) || inGuides(found);
    const pathInCode = /`((?:[a-z][\w-]*\/)+[\w.-]+\.(?:ts|mjs|md|json))`/g;
    assert.deepEqual(faults(pathInCode, isThere), []);
  });

  it('name no folder of somebody’s machine', () => {
    assert.deepEqual(
      faults(/(\/(?:home|root|Users|work|tmp)\/)/g, () => false),
      [],
    );
  });

  it('number the decisions without a gap', () => {
    const numbers = readdirSync(join(projectFolder, 'docs/adr')).map((name) => Number(name.slice(0, 4)));
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      [...numbers.keys()].map((index) => index + 1),
    );
  });
});
