import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export type Shell = {
  /** What a person sees who types this. @throws with that when the last command fails. */
  type(commands: string): Promise<string>;
  /** Ends what was started in the background, too. */
  close(): void;
};

/** Longer than any command of the page may take. */
const PATIENCE_MS = 300_000;
const END = '<<end of commands>>';

/** One session of bash, so that variables and processes in the background last from one command to the next. */
export const openShell = (path: readonly string[]): Shell => {
  const env = { ...process.env, PATH: [...path, process.env.PATH].join(':') };
  const child = spawn('bash', [], { env, detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then((): never => {
    throw new Error('the shell has ended');
  });
  ended.catch(() => undefined);
  const close = (): void => {
    process.off('exit', close);
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  process.once('exit', close);
  return {
    type: (commands) => Promise.race([typed(child, commands), ended, tooLate(commands)]),
    close,
  };
};

const tooLate = async (commands: string): Promise<never> => {
  await delay(PATIENCE_MS, undefined, { ref: false });
  throw new Error(`no end after ${PATIENCE_MS / 1_000} s of:\n${commands}`);
};

const typed = (child: ChildProcess, commands: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let seen = '';
    const read = (chunk: Buffer): void => {
      seen += chunk;
      const [output = '', code] = seen.split(END);
      if (code === undefined || !code.endsWith('\n')) return;
      child.stdout?.off('data', read);
      if (Number(code) === 0) resolve(output);
      else reject(new Error(`this failed:\n${commands}\n${output}`));
    };
    child.stdout?.on('data', read);
    child.stdin?.write(`{\n${commands}\n} 2>&1\necho "${END}$?"\n`);
  });
