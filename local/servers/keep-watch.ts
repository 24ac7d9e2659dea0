import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What must not outlive this process. */
export type Kept = { readonly pids: readonly number[]; readonly folders: readonly string[] };

export interface Watch {
  /** From now on, a death of this process takes these with it. Replaces what was kept before. */
  keep(kept: Kept): void;
  /** Resolves when the watchdog has gone; whatever was kept last is ended and removed. */
  end(): Promise<void>;
}

/**
 * The watchdog reads a pipe whose other end only this process holds, so the kernel tells it of our death
 * however it came about. It has its own process group: the terminal's Ctrl-C must not reach it.
 */
export const keepWatch = (): Watch => {
  const script = fileURLToPath(new URL('./watchdog.ts', import.meta.url));
  const child = spawn(process.execPath, [script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // A watchdog that someone killed leaves a broken pipe; our own stop still cleans up.
  child.stdin.on('error', () => undefined);
  child.unref();
  return {
    keep: (kept) => void child.stdin.write(`${JSON.stringify(kept)}\n`),
    end: () => {
      child.ref();
      child.stdin.end();
      return ended;
    },
  };
};
