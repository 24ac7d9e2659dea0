import type { KubeConfig } from '@kubernetes/client-node';
import { readRunning } from '../local/running.ts';
import { withCluster } from './cluster/connect.ts';
import { type ContextPod, contextPods } from './cluster/context-pods.ts';
import { forwardPort } from './cluster/forward.ts';
import { meansCluster, type PlaceOptions } from './cluster/options.ts';
import { CommandFailed } from './command-failed.ts';
import { progress } from './print.ts';

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
export const whereOf = ({ context, cell }: Pick<ContextPort, 'context' | 'cell'>) => ({
  ...(cell !== undefined && { cell }),
  context,
});

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
      forwards.map(({ url, ...pod }) => ({ ...whereOf(pod), adminUrl: url, fault: pod.fault })),
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

/**
 * Asks all of them. Who does not answer keeps nobody from hearing the others: it is told on standard error, and the
 * command ends with 1.
 * @throws CommandFailed when nobody answers.
 */
export const askAll = async <T>(
  ports: readonly ContextPort[],
  question: (port: ContextPort) => Promise<T>,
): Promise<{ readonly port: ContextPort; readonly answer: T }[]> => {
  const outcomes = await Promise.allSettled(ports.map(question));
  const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const [first] = failures;
  const fault = failures.find((one) => !(one instanceof CommandFailed));
  if (fault !== undefined) throw fault;
  if (first !== undefined && failures.length === ports.length) throw first;
  for (const { message } of failures as CommandFailed[])
    progress(`${message} What it knows is missing here.`);
  if (first !== undefined) process.exitCode = 1;
  return outcomes.flatMap((one, index) => {
    const port = ports[index];
    return one.status === 'fulfilled' && port ? [{ port, answer: one.value }] : [];
  });
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
  const said = await answer.text();
  const body: unknown = parsed(said);
  if (answer.ok && body !== undefined) return body;
  const [plainPath] = path.split('?');
  if (answer.status === 404)
    throw new CommandFailed(
      `${labelOf(port)} does not know ${method} ${plainPath}: it is of another version than this command. Bring it up to date, or use the command of its version.`,
    );
  const why = typeof body === 'object' && body !== null && 'error' in body ? body.error : said;
  throw new CommandFailed(`${labelOf(port)} refuses ${method} ${plainPath} (${answer.status}): ${why}`);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
