import { type Command, CommanderError } from 'commander';
import { cadastreProgram, runProgram } from '../program.ts';

type Tell = (where: 'out' | 'err', text: string) => void;

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** What the command reads of the environment; nothing of the cluster of whoever runs the specs. */
const OURS = { KUBECONFIG: undefined, KUBERNETES_SERVICE_HOST: undefined, HOME: '/nonexistent' };

/** Runs the command within this process, since a process of its own takes a second to start. One at a time. */
export const runCadastre = async (
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> => {
  const said = { out: '', err: '' };
  const tell: Tell = (where, text) => {
    said[where] += text;
  };
  const program = cadastreProgram();
  for (const command of [program, ...program.commands]) neverExits(command, tell);
  const before = { log: console.log, error: console.error, env: process.env };
  console.log = (line: unknown) => tell('out', `${line}\n`);
  console.error = (line: unknown) => tell('err', `${line}\n`);
  process.env = { ...before.env, ...OURS, ...environment };
  for (const [name, value] of Object.entries(process.env))
    if (value === 'undefined') delete process.env[name];
  try {
    await runProgram(program, words);
    return { ...said, code: Number(process.exitCode ?? 0) };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { ...said, code: error.exitCode };
  } finally {
    console.log = before.log;
    console.error = before.error;
    process.env = before.env;
    process.exitCode = undefined;
  }
};

const neverExits = (command: Command, tell: Tell): void => {
  command.exitOverride().configureOutput({
    writeOut: (text) => tell('out', text),
    writeErr: (text) => tell('err', text),
  });
};
