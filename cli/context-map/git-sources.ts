import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandFailed } from '../command-failed.ts';
import type { Source } from './read-contexts.ts';

const run = promisify(execFile);

/** Where `npm run generate` puts what the code says. */
const GENERATED = /(^|\/)bounded-context\.yaml$/;

/** The BoundedContexts of a commit: `main`, `v1.2.0`, or one file of it as `main:samples/contexts.yaml`. */
export const gitSources = async (ref: string): Promise<Source[]> => {
  const [commit = '', file] = ref.split(/:(.*)/s);
  const files = file === undefined ? await generatedIn(commit) : [file];
  if (files.length === 0)
    throw new CommandFailed(
      `${ref} has no bounded-context.yaml; name a file of it as ${ref}:path/to/contexts.yaml`,
    );
  return Promise.all(
    files.map(async (path) => ({
      from: `${commit}:${path}`,
      yaml: await git('show', '--end-of-options', `${commit}:${path}`),
    })),
  );
};

const generatedIn = async (commit: string): Promise<string[]> => {
  const paths = await git('ls-tree', '-r', '-z', '--full-tree', '--name-only', '--end-of-options', commit);
  return paths.split('\0').filter((path) => GENERATED.test(path));
};

const git = async (...args: string[]): Promise<string> => {
  try {
    const { stdout } = await run('git', args, { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr || error).trim();
    throw new CommandFailed(
      `cannot take ${args.at(-1)} as released: there is no such file, and git says "${said}". Name a file, a commit, or a file of a commit as main:path/to/contexts.yaml`,
    );
  }
};
