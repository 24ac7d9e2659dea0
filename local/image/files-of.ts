import { posix } from 'node:path';
import { importsOf } from '../lint/import-points-outwards.ts';

/** Where a process begins: `ordering` → `contexts/ordering/main.ts`, `relay` → `relay/main.ts`. */
export const entryOf = (name: string, exists: (path: string) => boolean): string => {
  const entries = [`contexts/${name}/main.ts`, `${name}/main.ts`];
  const found = entries.find(exists);
  if (found === undefined) {
    throw new Error(
      `cannot make an image of "${name}": there is neither ${entries.join(' nor ')}; set CONTEXT`,
    );
  }
  return found;
};

/**
 * The sources that an entry needs: itself and all that it imports, and so on. Of another context that is its
 * `contract.ts` alone, and of the operator its language, because the lint lets nothing else be imported.
 */
export const filesOf = (entry: string, read: (path: string) => string): string[] => {
  const needed = new Set([entry]);
  for (const path of needed) {
    for (const specifier of importsOf(read(path))) {
      if (specifier.startsWith('.')) needed.add(posix.join(posix.dirname(path), specifier));
    }
  }
  return [...needed].sort();
};

/** The page that a context serves, as it was built beside the entry; a context without one has no such folder. */
export const pageOf = (entry: string): string => posix.join(posix.dirname(entry), 'portal/dist');
