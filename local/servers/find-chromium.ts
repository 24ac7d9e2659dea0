import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromCache } from './cache.ts';
import { type Executable, environmentOf, fromPath, isExecutable, type Progress } from './executable.ts';
import { ServerNotFound } from './find-server.ts';
import { CHROMIUM, getChromium } from './get-chromium.ts';

/** What playwright's `chromium.launch` takes. */
export type Browser = {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: Record<string, string>;
};

const names = [CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'];

/** A variable that names nothing is an error, not a reason to look further: someone meant that file. */
const fromEnvironment = (): Executable | undefined => {
  const command = process.env['CHROMIUM'];
  if (!command) return undefined;
  if (isExecutable(command)) return { command };
  throw new ServerNotFound(
    `CHROMIUM names ${command}, which is not an executable file; set it to the path of Chromium or unset it.`,
  );
};

const onThisMachine = (): Executable | undefined =>
  fromEnvironment() ?? names.map(fromPath).find(Boolean) ?? fromCache('chromium', CHROMIUM);

const got = (progress: Progress): Promise<Executable> =>
  getChromium(progress).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerNotFound(
      `cannot find or get Chromium (${reason}); install chromium so that it is on PATH, or set CHROMIUM to its path.`,
      { cause },
    );
  });

const launchable = (executable: Executable): Browser => {
  const fonts = join(dirname(dirname(executable.command)), 'fonts.conf');
  const env = { ...environmentOf(executable), ...(existsSync(fonts) ? { FONTCONFIG_FILE: fonts } : {}) };
  return {
    executablePath: executable.command,
    // Chromium refuses to run as root with its sandbox, which needs a user to step down to.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    env: env as Record<string, string>,
  };
};

/** In this order: the variable CHROMIUM, PATH, this project's cache, Debian's archive. Throws `ServerNotFound`. */
export const findChromium = async (progress: Progress): Promise<Browser> =>
  launchable(onThisMachine() ?? (await got(progress)));
