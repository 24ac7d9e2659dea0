import { Transform } from 'node:stream';

/** One unit of the price list is a byte; they are counted by the megabyte. */
export const MEGABYTE = 1_000_000;

/**
 * Passes a body on and counts it: a megabyte before its last chunk leaves, and what is left over before the last chunk
 * of all. So a body that arrived whole was counted, and nobody pays for what did not leave.
 *
 * @param count resolves when so many bytes are counted for good.
 */
export const meterBytes = (count: (bytes: number) => Promise<void>): Transform => {
  let uncounted = 0;
  let held: Buffer | undefined;
  const settle = async (): Promise<void> => {
    const bytes = uncounted;
    uncounted = 0;
    if (bytes > 0) await count(bytes);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      // The newest chunk stays back, for it may be the last.
      const leaving = held;
      held = chunk;
      uncounted += leaving?.length ?? 0;
      if (uncounted < MEGABYTE) done(null, leaving);
      else settle().then(() => done(null, leaving), done);
    },
    flush(done) {
      uncounted += held?.length ?? 0;
      settle().then(() => done(null, held), done);
    },
    destroy(error, done) {
      // What has left is owed although the rest is not wanted any more.
      settle().then(
        () => done(error),
        () => done(error),
      );
    },
  });
};
