import { fork } from 'node:child_process';

export type LoadProcess<Result> = { readonly result: Promise<Result>; stop(): void };

/**
 * Makes load from a process of its own, so that neither side waits for the other's event loop: the module at `file`
 * is sent the plan and sends back one result.
 */
export const startLoadProcess = <Result>(file: URL, plan: object): LoadProcess<Result> => {
  const child = fork(file, { execArgv: [] });
  const result = new Promise<Result>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Result));
    child.once('exit', () => reject(new Error('the load ended before it had a result')));
  });
  // Whoever stops it early does not wait for a result.
  result.catch(() => undefined);
  child.send(plan);
  return { result, stop: () => void child.kill('SIGKILL') };
};
