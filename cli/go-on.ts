import { z } from 'zod';
import { labelOf, post, whereOf } from './context-ports.ts';
import type { Parked } from './parked-events.ts';

const doneSchema = z.object({ done: z.array(z.object({ stream: z.string(), parked: z.boolean() })) });

/** A stream that was let go on. `parked` when it came to a halt again, at the same event or a later one. */
export type GoneOn = {
  readonly cell?: string;
  readonly context: string;
  readonly stream: string;
  readonly parked: boolean;
};

export const isParkedAgain = ({ parked }: GoneOn): boolean => parked;

export const goOn = async (how: 'redrive' | 'discard', chosen: readonly Parked[]): Promise<GoneOn[]> => {
  const done: GoneOn[] = [];
  for (const { stream, port } of chosen) {
    const answer = doneSchema.parse(await post(port, `/${how}?stream=${encodeURIComponent(stream)}`));
    done.push(...answer.done.map((one) => ({ ...whereOf(port), ...one })));
  }
  return done;
};

export const goneOnText = (done: readonly GoneOn[]): string => {
  if (done.length === 0) return 'Nothing is parked.';
  const lines = done.map(({ stream, parked, ...where }) =>
    parked
      ? `${stream} in ${labelOf(where)} is parked again: npm run parked says why`
      : `${stream} in ${labelOf(where)} has gone on`,
  );
  return lines.join('\n');
};
