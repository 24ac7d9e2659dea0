import type { KubeConfig } from '@kubernetes/client-node';
import { readRunning } from '../local/running.ts';
import { withCluster } from './cluster/connect.ts';
import { type ContextPod, contextPods } from './cluster/context-pods.ts';
import { forwardPort } from './cluster/forward.ts';
import { meansCluster, type PlaceOptions } from './cluster/options.ts';
import { CommandFailed } from './command-failed.ts';

/** The admin port of one context. */
export type ContextPort = {
  readonly context: string;
  /** Where it runs on a cluster. */
  readonly cell?: string;
  readonly adminUrl: string;
  /** Why it cannot be reached, where more is known than the connection says. */
  readonly fault?: () => string | undefined;
};

/** Contexts are chosen by these; what is left out chooses all. */
export type Chosen = PlaceOptions & { readonly context?: string; readonly cell?: string };

/** `ordering` on this machine, `pool-1/ordering` on a cluster. */
export const labelOf = ({ context, cell }: Pick<ContextPort, 'context' | 'cell'>): string =>
  cell === undefined ? context : `${cell}/${context}`;

/** The same for `--json`. */
export const whereOf = ({ context, cell }: ContextPort) => ({ ...(cell !== undefined && { cell }), context });

/**
 * The admin ports of contexts: of all landscapes that run on this machine, or of pods on a cluster, reachable for as
 * long as `use` takes.
 * @throws CommandFailed when there is none.
 */
export const withContextPorts = async <T>(
  chosen: Chosen,
  use: (ports: readonly ContextPort[]) => Promise<T>,
): Promise<T> => {
  if (!meansCluster(chosen)) return use(chosenOf(localPorts(), chosen, 'on this machine'));
  return withCluster(chosen, async ({ client, kubeConfig }) => {
    const pods = await contextPods(client);
    if (pods.length === 0) throw new CommandFailed(NO_PODS);
    return forwarding(kubeConfig, chosenOf(pods, chosen, 'on this cluster'), use);
  });
};

const NO_PODS =
  'No context runs on this cluster: cadastre get says what is applied and why it does not run; cadastre apply -f samples/ brings an example.';

const forwarding = async <T>(
  kubeConfig: KubeConfig,
  pods: readonly ContextPod[],
  use: (ports: readonly ContextPort[]) => Promise<T>,
): Promise<T> => {
  const forwards = await Promise.all(
    pods.map(async (pod) => ({ ...pod, ...(await forwardPort(kubeConfig, pod)) })),
  );
  try {
    return await use(
      forwards.map(({ context, cell, url, fault }) => ({ context, cell, adminUrl: url, fault })),
    );
  } finally {
    for (const { close } of forwards) close();
  }
};

const localPorts = (): ContextPort[] => {
  const ports = readRunning().flatMap(({ endpoints }) =>
    endpoints
      .filter(({ name }) => !name.startsWith('relay'))
      .map(({ name, adminUrl }) => ({ context: name, adminUrl })),
  );
  if (ports.length > 0) return ports;
  throw new CommandFailed(
    'No landscape runs on this machine: start it with npm start, in another terminal, or name a cluster with --kubeconfig.',
  );
};

/** @throws CommandFailed when none is chosen. */
export const chosenOf = <T extends { readonly context: string; readonly cell?: string }>(
  all: readonly T[],
  { context, cell }: Pick<Chosen, 'context' | 'cell'>,
  where: string,
): T[] => {
  const chosen = all.filter(
    (one) => (context === undefined || one.context === context) && (cell === undefined || one.cell === cell),
  );
  if (chosen.length > 0) return chosen;
  const what = [
    context === undefined ? 'No context' : `No context ${context}`,
    ...(cell === undefined ? [] : [`in the cell ${cell}`]),
  ].join(' ');
  const known = [...new Set(all.map(labelOf))].join(', ');
  throw new CommandFailed(`${what} runs ${where}: choose one of ${known}.`);
};

export const get = async (port: ContextPort, path: string): Promise<unknown> => ask(port, path, 'GET');
export const post = async (port: ContextPort, path: string): Promise<unknown> => ask(port, path, 'POST');

const ask = async (port: ContextPort, path: string, method: string): Promise<unknown> => {
  const { adminUrl, fault } = port;
  const answer = await fetch(`${adminUrl}${path}`, { method }).catch((cause: Error) => {
    const why = fault?.() ?? 'it may be starting again; retry in a second';
    throw new CommandFailed(`cannot reach the admin port of ${labelOf(port)} at ${adminUrl}: ${why}.`, {
      cause,
    });
  });
  const body: unknown = await answer.json();
  if (answer.ok) return body;
  const why =
    typeof body === 'object' && body !== null && 'error' in body ? body.error : JSON.stringify(body);
  throw new CommandFailed(`${labelOf(port)} refuses ${method} ${path} (${answer.status}): ${why}`);
};
