import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { findKubectl } from '../../local/servers/find-kubernetes.ts';
import { freePort } from '../../local/servers/free-port.ts';
import { until } from './steps.ts';

/** `to` is as kubectl takes it: `service/cloud`, or `deployment/subscriptions` for a port that no Service exposes. */
export type Target = {
  readonly namespace: string;
  readonly to: string;
  readonly port: number;
  /** Of an HTTP API that answers anything: with it, a way that has died unnoticed is found anew. */
  readonly probe?: string;
};

/** A port of this machine that leads to a pod of the target, again after that was replaced. */
export type Forward = { readonly port: number; readonly url: string; stop(): void };

const AGAIN_MS = 300;
const PROBE_EVERY_MS = 2_000;
const PROBE_ANSWERS_MS = 5_000;

export const forward = async ({ namespace, to, port, probe }: Target): Promise<Forward> => {
  const local = await freePort();
  const { command } = await findKubectl(console.error);
  const ports = `${local}:${port}`;
  const args = ['port-forward', '-n', namespace, to, ports, '--address', '127.0.0.1'];
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  const start = (): void => {
    child = spawn(command, args, { stdio: 'ignore' });
    child.once('exit', async () => {
      await delay(AGAIN_MS);
      if (!stopping.signal.aborted) start();
    });
  };
  start();
  if (probe !== undefined) {
    const url = `http://127.0.0.1:${local}${probe}`;
    void whenever(() => isStuck(url), { signal: stopping.signal, act: () => child?.kill() });
  }
  const stop = (): void => {
    stopping.abort();
    child?.kill();
  };
  try {
    await until(`a connection to ${to} in ${namespace}`, () => isOpen(local));
  } catch (error) {
    stop();
    throw error;
  }
  return { port: local, url: `http://127.0.0.1:${local}`, stop };
};

type Watch = { readonly signal: AbortSignal; readonly act: () => void };

const whenever = async (isSo: () => Promise<boolean>, { signal, act }: Watch): Promise<void> => {
  while (!signal.aborted) {
    await delay(PROBE_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (!signal.aborted && (await isSo())) act();
  }
};

/** kubectl takes connections still, and nothing comes of them: so it may be after its pod was killed. */
const isStuck = async (url: string): Promise<boolean> =>
  await fetch(url, { signal: AbortSignal.timeout(PROBE_ANSWERS_MS) }).then(
    async (answer) => {
      await answer.body?.cancel();
      return false;
    },
    (error: unknown) => error instanceof Error && error.name === 'TimeoutError',
  );

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** Several targets at once, for as long as `use` takes. */
export const forwarded = async <Name extends string, T>(
  targets: Readonly<Record<Name, Target>>,
  use: (forwards: Readonly<Record<Name, Forward>>) => Promise<T>,
): Promise<T> => {
  const names = Object.keys(targets) as Name[];
  const forwards = await Promise.all(names.map((name) => forward(targets[name])));
  try {
    return await use(
      Object.fromEntries(names.map((name, index) => [name, forwards[index]])) as Record<Name, Forward>,
    );
  } finally {
    for (const one of forwards) one.stop();
  }
};
