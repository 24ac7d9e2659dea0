import { statuses as refusals } from '../../contexts/cloud/errors.ts';
import { gate } from './gate.ts';
import type { RequestsOfTenant } from './history.ts';

export type Ask = {
  readonly tenant: string;
  readonly context: string;
  /** Of the context's API: `/v1/orders`. */
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};
export type Answer = { readonly status: number; readonly body: unknown };

/** The replicas of the front door, as a customer with a login key sees them. */
export interface Doors {
  /** Asks the next replica. @throws when it does not answer. */
  ask(ask: Ask): Promise<Answer>;
  /** What was asked of contexts up to now. */
  requests(): RequestsOfTenant[];
}

/** A frozen process takes a request and says nothing for as long as it is frozen. */
const ANSWER_MS = 10_000;

/**
 * Connections per context and replica. One that starts accepts them one by one, and those that wait longer than their
 * senders come again: with hundreds it would never catch up.
 */
const CONNECTIONS = 24;

type Keys = ReadonlyMap<string, { readonly key: string }>;

export const openDoors = (urls: readonly string[], keys: Keys): Doors => {
  const gates = new Map<string, ReturnType<typeof gate>>();
  const gateOf = (place: string) => {
    const known = gates.get(place) ?? gate(CONNECTIONS);
    gates.set(place, known);
    return known;
  };
  const counts = new Map([...keys.keys()].map((tenant) => [tenant, { sent: 0, answered: 0 }]));
  let turn = 0;
  return {
    ask: ({ tenant, context, path, headers, ...asked }) => {
      const door = urls[turn++ % urls.length] ?? '';
      const count = counts.get(tenant);
      const authorization = `Bearer ${keys.get(tenant)?.key}`;
      return gateOf(`${door} ${context}`)(async () => {
        if (count) count.sent += 1;
        const url = `${door}/api/${context}${path}`;
        const answer = await send(url, { ...asked, headers: { ...headers, authorization } });
        if (count && isOfContext(answer)) count.answered += 1;
        return answer;
      });
    },
    requests: () => [...counts].map(([tenant, count]) => ({ tenant, ...count })),
  };
};

type Sending = Pick<Ask, 'method' | 'body' | 'headers'>;

/** @throws when there is no answer in time. */
export const send = async (url: string, { method = 'POST', body, headers }: Sending): Promise<Answer> => {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return { status: response.status, body: await response.json() };
};

export const codeOf = ({ body }: Answer): string | undefined => {
  const { code } = body as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
};

/** The front door refuses for nothing; 5xx may be anybody's word, so nobody counts on it. */
const isOfContext = (answer: Answer): boolean =>
  answer.status < 500 && !Object.hasOwn(refusals, codeOf(answer) ?? '');
