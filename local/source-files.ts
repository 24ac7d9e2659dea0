import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url));

const skipped = new Set(['node_modules', '.git', 'bench-results']);

/** Paths relative to the project, with slashes, sorted. */
export const sourceFiles = (pattern: string): string[] =>
  globSync(pattern, { cwd: projectFolder, exclude: (name) => skipped.has(name) })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
