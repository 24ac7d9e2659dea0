import { setTimeout as delay } from 'node:timers/promises';

/** Waits. @throws the signal's reason as soon as it aborts. */
export const pause = async (ms: number, signal?: AbortSignal): Promise<void> => {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
    throw signal?.aborted ? signal.reason : cause;
  });
};
