import { readRunning } from '../local/running.ts';
import { CommandFailed } from './command-failed.ts';

/** The admin port of one context. */
export type ContextPort = { readonly context: string; readonly adminUrl: string };

/**
 * The contexts of all landscapes that run on this machine, or only those of one name.
 * @throws CommandFailed when there is none.
 */
export const contextPorts = (only?: string): ContextPort[] => {
  const ports = readRunning().flatMap(({ endpoints }) =>
    endpoints
      .filter(({ name }) => !name.startsWith('relay'))
      .map(({ name, adminUrl }) => ({ context: name, adminUrl })),
  );
  if (ports.length === 0) {
    throw new CommandFailed(
      'No landscape runs on this machine: start it with npm start, in another terminal.',
    );
  }
  const chosen = ports.filter(({ context }) => only === undefined || context === only);
  if (chosen.length > 0) return chosen;
  const known = [...new Set(ports.map(({ context }) => context))].join(', ');
  throw new CommandFailed(`No context ${only} runs on this machine: choose one of ${known}.`);
};

export const get = async (port: ContextPort, path: string): Promise<unknown> => ask(port, path, 'GET');
export const post = async (port: ContextPort, path: string): Promise<unknown> => ask(port, path, 'POST');

const ask = async ({ context, adminUrl }: ContextPort, path: string, method: string): Promise<unknown> => {
  const answer = await fetch(`${adminUrl}${path}`, { method }).catch((cause: Error) => {
    throw new CommandFailed(
      `cannot reach the admin port of ${context} at ${adminUrl}: it may be starting again; retry in a second.`,
      { cause },
    );
  });
  const body: unknown = await answer.json();
  if (answer.ok) return body;
  const why =
    typeof body === 'object' && body !== null && 'error' in body ? body.error : JSON.stringify(body);
  throw new CommandFailed(`${context} refuses ${method} ${path} (${answer.status}): ${why}`);
};
