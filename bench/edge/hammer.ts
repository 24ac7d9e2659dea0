import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a hammer does: the same requests over and over, over connections that are kept. */
export type HammerPlan = {
  readonly url: string;
  /** Each connection asks them in turn, from another one on. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** So many begin each second; as many as are answered when absent. */
  readonly perSecond?: number;
};

export type Hammered = {
  /** Answered with 200. */
  readonly answered: number;
  /** Other answers, by status. */
  readonly others: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Of the hammer itself. */
  readonly cpuSeconds: number;
};

export type Hammer = { readonly result: Promise<Hammered>; stop(): void };

/** In a process of its own, so that neither side waits for the other's event loop. */
export const startHammer = (plan: HammerPlan): Hammer => {
  const child = fork(fileURLToPath(new URL('hammer-process.ts', import.meta.url)), { execArgv: [] });
  const result = new Promise<Hammered>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Hammered));
    child.once('exit', () => reject(new Error('the load ended before it had a result')));
  });
  // Whoever stops it early does not wait for a result.
  result.catch(() => undefined);
  child.send(plan);
  return { result, stop: () => void child.kill('SIGKILL') };
};

/** A load that was refused is no load. */
export const hammered = async (plan: HammerPlan): Promise<Hammered> => {
  const result = await startHammer(plan).result;
  if (Object.keys(result.others).length > 0)
    throw new Error(`${plan.url} answered ${JSON.stringify(result.others)} beside ${result.answered} × 200`);
  return result;
};
