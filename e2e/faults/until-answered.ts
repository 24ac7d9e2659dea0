import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, type Ask, codeOf, type Doors } from './doors.ts';

const FIRST_RETRY_MS = 100;
/** Repetitions must stay far fewer than what the processes can answer, or their number keeps them from it. */
const LONGEST_RETRY_MS = 1_000;

export type Patience = {
  /** Gives up. */
  readonly signal: AbortSignal;
  /** Says no to answers that time will change, such as that a shipment is not there yet. */
  readonly isFinal?: (answer: Answer) => boolean;
};

/**
 * Sends a command under one Idempotency-Key until somebody answers for good, so its outcome is always known:
 * a process that is down, an answer that was lost, a server that is away and a conflict all end in a repetition.
 *
 * @throws when the signal aborts.
 */
export const untilAnswered = async (doors: Doors, ask: Ask, patience: Patience): Promise<Answer> => {
  const { signal, isFinal = () => true } = patience;
  const headers = { 'idempotency-key': randomUUID() };
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(LONGEST_RETRY_MS, 2 * retryMs)) {
    signal.throwIfAborted();
    const answer = await doors.ask({ ...ask, headers }).catch(() => undefined);
    if (answer !== undefined && !isPassing(answer) && isFinal(answer)) return answer;
    await delay(retryMs * (0.5 + Math.random()), undefined, { signal });
  }
};

const isPassing = (answer: Answer) =>
  answer.status >= 500 ||
  answer.status === 429 ||
  answer.status === 408 ||
  codeOf(answer) === 'concurrency-conflict';
