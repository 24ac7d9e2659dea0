// node restart-on-change.ts main.ts: runs it, and again whenever a file below this folder changes. For the image's
// target `dev`. Node's own --watch follows a file, not its name, so of a file that tar replaces it sees the first
// change alone (Node 24); folders see every one.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/** What one sync or one save changes comes within this. */
const QUIET_MS = 50;
/** Nobody who has just saved a file waits for requests in flight. */
const PATIENCE_MS = 500;

const foldersBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [join(folder, name), ...foldersBelow(join(folder, name))]);

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await exited;
  clearTimeout(late);
};

const start = (): ChildProcess => {
  const child = spawn(process.execPath, process.argv.slice(2), { stdio: 'inherit' });
  child.on('exit', (code) => {
    // Not the end of the container: Kubernetes would take longer and longer to start it again.
    if (code !== 0 && code !== null) console.error(`ended with code ${code}: waiting for a change`);
  });
  return child;
};

let child = start();
let watchers: readonly FSWatcher[] = [];
let quiet: NodeJS.Timeout | undefined;
/** One after the other: two at once would start two processes. */
let restarted = Promise.resolve();

const onChange = (): void => {
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    restarted = restarted.then(restart);
  }, QUIET_MS);
};

const watchAll = (): void => {
  for (const watcher of watchers) watcher.close();
  watchers = ['.', ...foldersBelow('.')].map((folder) => watch(folder, onChange));
};

const restart = async (): Promise<void> => {
  console.error('a file has changed: restarting');
  // Before the process reads them: what changes while it starts counts again. There may be new folders, too.
  watchAll();
  await stop(child);
  child = start();
};

watchAll();
process.on('SIGTERM', async () => {
  child.kill('SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  process.exit(child.exitCode ?? 0);
});
