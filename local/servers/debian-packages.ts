import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentOf } from './executable.ts';
import { runCommand } from './run-command.ts';

/**
 * Debian's naming rule for library packages: liblzf.so.1 is in liblzf1, liblua5.1.so.0 in liblua5.1-0
 * (Debian Policy 8.1). Ubuntu 24.04 and Debian 13 add t64 to some.
 */
export const packageOfLibrary = (soname: string): string => {
  const [name = soname, version = ''] = soname.toLowerCase().split('.so.');
  return `${name}${/\d$/.test(name) ? '-' : ''}${version}`;
};

export const missingLibraries = (lddOutput: string): string[] =>
  [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map(([, soname = '']) => soname);

/**
 * apt's lists may be empty (as in container images) and only root may fill them: then we keep our own. A package that
 * is installed is known without lists, so it is the wanted one that is asked about.
 */
export const aptOptions = async (folder: string, wanted: string): Promise<string[]> => {
  const known = await runCommand('apt-cache', ['show', wanted]).catch(() => '');
  if (known !== '') return [];
  const lists = join(folder, 'lists');
  const cache = join(folder, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${cache}`];
  await runCommand('apt-get', [...options, 'update']);
  return options;
};

const downloadOne = async (name: string, folder: string, options: readonly string[]): Promise<void> => {
  const download = (wanted: string) =>
    runCommand('apt-get', [...options, 'download', wanted], { cwd: folder });
  await download(name).catch((cause: unknown) =>
    download(`${name}t64`).catch(() => {
      throw cause;
    }),
  );
};

/** Downloads and unpacks into `folder`/root, as any user: nothing is installed on the machine. */
const unpack = async (
  names: readonly string[],
  folder: string,
  options: readonly string[],
): Promise<void> => {
  for (const name of names) await downloadOne(name, folder, options);
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.deb')) continue;
    await runCommand('dpkg', ['-x', join(folder, file), join(folder, 'root')]);
    await rm(join(folder, file));
  }
};

export const copyLibraries = async (root: string, target: string): Promise<void> => {
  await mkdir(target, { recursive: true });
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!/^lib.*\.so(\.|$)/.test(entry.name)) continue;
    await cp(join(entry.parentPath, entry.name), join(target, entry.name), { verbatimSymlinks: true });
  }
};

type Wanted = { readonly into: string; readonly command: string; readonly packages: readonly string[] };

/**
 * Unpacks `packages`, copies `command` out of them if it is not in `into`/bin yet, and then fetches the
 * libraries that ldd misses, round by round, since libraries need libraries.
 */
export const addDebianPackages = async ({ into, command, packages }: Wanted): Promise<void> => {
  const work = await mkdtemp(join(into, 'apt-'));
  const binary = join(into, 'bin', command);
  const libraries = join(into, 'lib');
  const options = await aptOptions(work, packages[0] ?? command);
  await unpack(packages, work, options);
  if (!existsSync(binary)) await cp(join(work, 'root', 'usr', 'bin', command), binary, { dereference: true });
  for (let round = 0; round < 6; round += 1) {
    const missing = missingLibraries(
      await runCommand('ldd', [binary], { env: environmentOf({ command: binary, libraries }) }),
    );
    if (missing.length === 0) break;
    await unpack([...new Set(missing.map(packageOfLibrary))], work, options);
    await copyLibraries(join(work, 'root'), libraries);
  }
  await rm(work, { recursive: true, force: true });
};
