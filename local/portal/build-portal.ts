// The portal is the one thing that is built: a browser takes no TypeScript.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { projectFolder, sourceFiles } from '../source-files.ts';

const folder = 'contexts/subscriptions/portal';
const root = join(projectFolder, folder);

const sources = (): string[] => [
  ...sourceFiles(`${folder}/{src,public}/**/*.*`),
  `${folder}/index.html`,
  'package-lock.json',
  'local/portal/build-portal.ts',
];

const modifiedAt = (path: string): number => statSync(join(projectFolder, path)).mtimeMs;

const isFresh = (): boolean => {
  const page = `${folder}/dist/index.html`;
  if (!existsSync(join(projectFolder, page))) return false;
  return modifiedAt(page) >= Math.max(...sources().map(modifiedAt));
};

/** Builds into dist/ unless nothing has changed since. @returns whether it built */
export const buildPortal = async (): Promise<boolean> => {
  if (isFresh()) return false;
  await build({
    configFile: false,
    root,
    base: '/portal/',
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    // Nothing inline: the content security policy allows files of this origin alone.
    build: { outDir: join(root, 'dist'), emptyOutDir: true, assetsInlineLimit: 0, modulePreload: false },
  });
  return true;
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildPortal();
