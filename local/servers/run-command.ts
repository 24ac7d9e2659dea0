import { spawn } from 'node:child_process';

type CommandOptions = { cwd?: string; env?: NodeJS.ProcessEnv };

/** Resolves with stdout; rejects with the last line of stderr, which is where tools say what went wrong. */
export const runCommand = (
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.on('error', (cause) => reject(new Error(`cannot run ${command}: ${cause.message}`, { cause })));
    child.on('close', (code) => {
      const lastLine = err.trim().split('\n').at(-1) ?? '';
      if (code === 0) resolve(out);
      else reject(new Error(`${command} ${args[0] ?? ''} ended with code ${code}: ${lastLine}`));
    });
  });
