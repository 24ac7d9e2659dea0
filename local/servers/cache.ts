import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Executable, ServerName } from './executable.ts';

export const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cadastre');

/** The platform is in the name because home folders are shared between machines. */
const serverFolder = (name: ServerName): string =>
  join(cacheFolder(), `${name}-${process.platform}-${process.arch}`);

const executableIn = (folder: string, name: ServerName): Executable => {
  const libraries = join(folder, 'lib');
  const command = join(folder, 'bin', name);
  return existsSync(libraries) ? { command, libraries } : { command };
};

export const fromCache = (name: ServerName): Executable | undefined => {
  const executable = executableIn(serverFolder(name), name);
  return existsSync(executable.command) ? executable : undefined;
};

/**
 * `fill` writes `bin/<name>` and, where needed, `lib/` into the folder that it is given. That folder is
 * renamed into place when complete, so two first runs side by side never see half an installation.
 */
export const installIntoCache = async (
  name: ServerName,
  fill: (folder: string) => Promise<void>,
): Promise<Executable> => {
  const target = serverFolder(name);
  const draft = `${target}.${randomUUID()}`;
  await mkdir(join(draft, 'bin'), { recursive: true });
  try {
    await fill(draft);
    await rename(draft, target).catch((cause: unknown) => {
      if (!fromCache(name)) throw cause;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return executableIn(target, name);
};
