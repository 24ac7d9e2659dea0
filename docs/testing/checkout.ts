import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { applyHunks, linesOf, type Step, stepsOf } from './read-guide.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const execute = promisify(execFile);

/** A copy of this repository on which a guide is followed. */
export type Checkout = {
  readonly folder: string;
  /** Does what a guide says. @returns the files that it created or changed. */
  follow(guide: string): Promise<readonly Followed[]>;
  /** Runs a program of `node_modules/.bin`, or Node.js itself. @throws with the output when it fails. */
  run(program: string, ...args: string[]): Promise<string>;
  /** All that `npm run check` checks, the format of what was followed only. */
  check(followed: readonly Followed[]): Promise<void>;
  remove(): void;
};

export type Followed = { readonly path: string; readonly does: Step['does']; readonly lines: number };

/** Files that git knows or would take, as they are now, so that a guide is tried on what is about to be committed. */
export const checkOut = async (): Promise<Checkout> => {
  const folder = mkdtempSync(join(tmpdir(), 'guide-'));
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await execute('git', list, { cwd: root, maxBuffer: 10_000_000 });
  for (const path of stdout.split('\0').filter((one) => one !== '' && existsSync(join(root, one)))) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    follow: async (guide) => {
      const steps = stepsOf(readFileSync(join(root, guide), 'utf8'));
      for (const step of steps) take(folder, step);
      return steps.map((step) => ({ path: step.path, does: step.does, lines: linesOf(step) }));
    },
    run: (program, ...args) => run(folder, program, args),
    check: async (followed) => {
      const files = [...new Set(followed.map(({ path }) => path).filter((path) => path.endsWith('.ts')))];
      // The copy is no git repository, which Biome would ask for what to ignore.
      await run(folder, 'biome', ['ci', '--error-on-warnings', '--vcs-enabled=false', ...files]);
      await run(folder, 'tsc', ['--noEmit']);
      await run(folder, 'node', ['local/lint/lint.ts']);
      await run(folder, 'node', ['local/generate.ts', '--check']);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const take = (folder: string, step: Step): void => {
  const file = join(folder, step.path);
  if (step.does === 'create') {
    if (existsSync(file)) throw new Error(`${step.path} is said to be new, but it is there`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, step.text);
    return;
  }
  try {
    writeFileSync(file, applyHunks(readFileSync(file, 'utf8'), step.hunks));
  } catch (cause) {
    throw new Error(`cannot change ${step.path} as the guide says: ${(cause as Error).message}`, { cause });
  }
};

const run = async (cwd: string, program: string, args: readonly string[]): Promise<string> => {
  const command = program === 'node' ? process.execPath : join(cwd, 'node_modules/.bin', program);
  try {
    const { stdout, stderr } = await execute(command, [...args], { cwd, maxBuffer: 10_000_000 });
    return stdout + stderr;
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} fails after following the guide:\n${stdout}${stderr}`, {
      cause,
    });
  }
};
