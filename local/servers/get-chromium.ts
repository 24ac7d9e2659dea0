import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installIntoCache } from './cache.ts';
import { aptOptions, copyLibraries, missingLibraries } from './debian-packages.ts';
import { type Executable, environmentOf, type Progress } from './executable.ts';
import { runCommand } from './run-command.ts';

/** Chromium without windows: half of what the whole one needs, and all that playwright's headless mode uses. */
export const CHROMIUM = 'chromium-headless-shell';

/** A page without a font has no text to see. */
const packages = [CHROMIUM, 'fonts-dejavu-core'];

/** What apt would install, of a simulation, which any user may run. What the machine has is not among it. */
export const packagesToInstall = (simulation: string): string[] =>
  [...simulation.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);

const download = async (folder: string): Promise<void> => {
  const options = await aptOptions(folder, CHROMIUM);
  const simulation = await runCommand('apt-get', [
    ...options,
    '--simulate',
    '--no-install-recommends',
    'install',
    ...packages,
  ]);
  const wanted = packagesToInstall(simulation);
  await runCommand('apt-get', [...options, 'download', ...wanted], { cwd: folder });
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.deb')) continue;
    await runCommand('dpkg', ['-x', join(folder, file), join(folder, 'root')]);
    await rm(join(folder, file));
  }
};

const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

const copyFonts = async (root: string, into: string): Promise<void> => {
  const fonts = join(root, 'usr', 'share', 'fonts');
  if (!existsSync(fonts)) return;
  await cp(fonts, join(into, 'fonts'), { recursive: true });
  await writeFile(join(into, 'fonts.conf'), fontsConf);
};

const refuseWhatCannotStart = async (executable: Executable): Promise<void> => {
  const missing = missingLibraries(
    await runCommand('ldd', [executable.command], { env: environmentOf(executable) }),
  );
  if (missing.length > 0) throw new Error(`Chromium lacks ${missing.join(', ')}`);
};

const fill = async (into: string): Promise<void> => {
  const work = await mkdtemp(join(into, 'apt-'));
  await download(work);
  const root = join(work, 'root');
  const bin = join(into, 'bin');
  await rename(join(root, 'usr', 'lib', 'chromium'), bin);
  await copyLibraries(root, join(into, 'lib'));
  await copyFonts(root, into);
  await rm(work, { recursive: true, force: true });
  await refuseWhatCannotStart({ command: join(bin, CHROMIUM), libraries: join(into, 'lib') });
};

/** Debian's, unpacked into the cache: nothing is installed on the machine. */
export const getChromium = (progress: Progress): Promise<Executable> => {
  progress('getting chromium-headless-shell from the apt archive (100 MB) …');
  return installIntoCache('chromium', fill, CHROMIUM);
};
