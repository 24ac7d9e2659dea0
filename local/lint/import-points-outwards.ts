import { posix } from 'node:path';
import type { Fault, Rule } from './file-is-too-long.ts';

/** Reads as English without a parser: TypeScript 7 has no JavaScript API, and Biome formats the imports. */
const importPattern =
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm;

export const importsOf = (text: string): string[] =>
  [...text.matchAll(importPattern)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');

const isSpec = (path: string): boolean => path.endsWith('.spec.ts');

/** Specs, and what they share: a folder named testing/, and the suites that the adapters of a port run. */
const isTestCode = (path: string): boolean =>
  isSpec(path) || path.includes('/testing/') || path.endsWith('conformance.ts');

const topOf = (path: string): string => path.split('/')[0] ?? '';

/** contexts/ordering/… -> contexts/ordering/ */
const contextOf = (path: string): string => `${path.split('/').slice(0, 2).join('/')}/`;

/** Usable on its own, whatever operator it is for. */
const ENGINE = 'operator/engine/';

const areaOf = (path: string): string => (path.startsWith(ENGINE) ? ENGINE : topOf(path));

/** The contract.ts of the context `platform`, which the operator is to the others. */
const PLATFORM_LANGUAGE = 'operator/events/language.ts';

type Allowed = { readonly says: string; readonly test: (path: string, target: string) => boolean };

const kitAlone: Allowed = { says: 'may import kit/ alone', test: (_, target) => topOf(target) === 'kit' };

const inwards: Record<string, Allowed> = {
  kit: { says: 'imports nothing of the project outside kit/', test: () => false },
  relay: kitAlone,
  [ENGINE]: { says: 'imports nothing of the project outside itself', test: () => false },
  operator: {
    says: 'may import kit/ alone',
    test: (_, target) => ['kit', 'operator'].includes(topOf(target)),
  },
  contexts: {
    says: `may import kit/, another context's contract.ts and ${PLATFORM_LANGUAGE} alone`,
    test: (path, target) =>
      topOf(target) === 'kit' ||
      target === PLATFORM_LANGUAGE ||
      target.startsWith(contextOf(path)) ||
      /^contexts\/[^/]+\/contract\.ts$/.test(target),
  },
};

/** What is run, never imported. */
const ends = new Set(['bench', 'e2e']);

/** Test code may reach further: it runs on the servers of local/, whatever it is about. */
const faultOf = (path: string, target: string): string | undefined => {
  const from = topOf(path);
  const to = topOf(target);
  if (isSpec(target)) return 'specs are not imported; move what is shared to a testing/ folder';
  if (isTestCode(target) && !isTestCode(path)) return 'testing/ is for specs alone; move it out of testing/';
  if (from !== to && ends.has(to)) return `nobody imports ${to}/; move what is shared to kit/ or local/`;
  if (isTestCode(path) && to === 'local') return undefined;
  const area = areaOf(path);
  const rule = inwards[area];
  const isOwn = area === areaOf(target) && area !== 'contexts';
  if (!rule || isOwn || rule.test(path, target)) return undefined;
  return `${area.replace(/\/$/, '')}/ ${rule.says}; turn the arrow round, or pass the thing as a parameter`;
};

/** Guards DESIGN.md's "imports point inwards". */
export const importPointsOutwards: Rule = ({ path, text }) =>
  importsOf(text).flatMap((specifier): Fault[] => {
    if (!specifier.startsWith('.')) return [];
    const target = posix.join(posix.dirname(path), specifier);
    const fault = faultOf(path, target);
    return fault ? [{ path, message: `imports ${target}: ${fault}` }] : [];
  });
