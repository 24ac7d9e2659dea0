import type { Logger } from 'pino';

/** Something that was started and is to be stopped. */
export type Part = { readonly name: string; stop(): Promise<void> };

const DEADLINE_MS = 20_000;

/**
 * Waits for SIGTERM or SIGINT, then stops the parts one after the other, the last that was started first, and
 * exits: 0 when all stopped within 20 s, 1 otherwise. A second signal exits at once.
 */
export const stopOnSignal = (parts: readonly Part[], logger: Logger): void => {
  let isStopping = false;
  const stop = async (signal: string) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.error('could not stop within 20 s');
      process.exit(1);
    }, DEADLINE_MS).unref();
    for (const part of parts.toReversed()) {
      await part
        .stop()
        .catch((error: unknown) => logger.warn({ part: part.name, error }, 'stopped with an error'));
    }
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

/** A loop that runs until it is told to stop. */
export const loop = (name: string, run: (signal: AbortSignal) => Promise<void>): Part => {
  const controller = new AbortController();
  const running = run(controller.signal).catch(() => undefined);
  return {
    name,
    stop: async () => {
      controller.abort();
      await running;
    },
  };
};
