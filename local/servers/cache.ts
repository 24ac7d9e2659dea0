import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Executable } from './executable.ts';

export const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cadastre');

/** The platform is in the name because home folders are shared between machines. */
const folderOf = (installation: string): string =>
  join(cacheFolder(), `${installation}-${process.platform}-${process.arch}`);

const executableIn = (folder: string, name: string): Executable => {
  const libraries = join(folder, 'lib');
  const command = join(folder, 'bin', name);
  return existsSync(libraries) ? { command, libraries } : { command };
};

/** An installation of one program is called as the program is. */
export const fromCache = (installation: string, program = installation): Executable | undefined => {
  const executable = executableIn(folderOf(installation), program);
  return existsSync(executable.command) ? executable : undefined;
};

/**
 * `fill` writes `bin/<program>` and, where needed, `lib/` into the folder that it is given. That folder is
 * renamed into place when complete, so two first runs side by side never see half an installation.
 */
export const installIntoCache = async (
  installation: string,
  fill: (folder: string) => Promise<void>,
  program = installation,
): Promise<Executable> => {
  const target = folderOf(installation);
  const draft = `${target}.${randomUUID()}`;
  await mkdir(join(draft, 'bin'), { recursive: true });
  try {
    await fill(draft);
    await rename(draft, target).catch((cause: unknown) => {
      if (!fromCache(installation, program)) throw cause;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return executableIn(target, program);
};
