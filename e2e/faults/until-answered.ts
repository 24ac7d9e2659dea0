import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { gate } from './gate.ts';

export type Ask = {
  readonly url: string;
  readonly tenant: string;
  readonly body?: unknown;
  readonly method?: 'POST' | 'PUT';
};
export type Answer = { readonly status: number; readonly body: unknown };

const FIRST_RETRY_MS = 100;
/** Repetitions must stay far fewer than what the processes can answer, or their number keeps them from it. */
const LONGEST_RETRY_MS = 1_000;
/** A frozen process takes a request and says nothing for as long as it is frozen. */
const ANSWER_MS = 10_000;

/**
 * Connections per process. One that starts accepts them one by one, and those that wait longer than their
 * senders come again: with hundreds it would never catch up.
 */
const CONNECTIONS = 24;
const gates = new Map<string, ReturnType<typeof gate>>();

const gateOf = (url: string) => {
  const { origin } = new URL(url);
  const known = gates.get(origin) ?? gate(CONNECTIONS);
  gates.set(origin, known);
  return known;
};

const problem = z.object({ code: z.string() });
export const codeOf = ({ body }: Answer): string | undefined => problem.safeParse(body).data?.code;

/**
 * Sends a command under one Idempotency-Key until somebody answers for good, so its outcome is always known:
 * a process that is down, an answer that was lost, a server that is away and a conflict all end in a repetition.
 *
 * @param isFinal says no to answers that time will change, such as that a shipment is not there yet.
 * @throws when the signal aborts.
 */
export const untilAnswered = async (
  ask: Ask,
  signal: AbortSignal,
  isFinal: (answer: Answer) => boolean = () => true,
): Promise<Answer> => {
  const key = randomUUID();
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(LONGEST_RETRY_MS, 2 * retryMs)) {
    signal.throwIfAborted();
    const answer = await gateOf(ask.url)(() => send(ask, key)).catch(() => undefined);
    if (answer !== undefined && !isPassing(answer) && isFinal(answer)) return answer;
    await delay(retryMs * (0.5 + Math.random()), undefined, { signal });
  }
};

const send = async ({ url, tenant, body = {}, method = 'POST' }: Ask, key: string): Promise<Answer> => {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', 'x-tenant': tenant, 'idempotency-key': key },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return { status: response.status, body: await response.json() };
};

const isPassing = (answer: Answer) =>
  answer.status >= 500 ||
  answer.status === 429 ||
  answer.status === 408 ||
  codeOf(answer) === 'concurrency-conflict';
