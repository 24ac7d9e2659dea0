import { z } from 'zod';
import { pause } from '../../operator/engine/pause.ts';
import { type ContextPort, get } from '../context-ports.ts';

/** What of an event is printed; the rest is passed through. */
const eventSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  time: z.string(),
  tenant: z.string(),
  sequence: z.string(),
});

export type PublishedEvent = z.infer<typeof eventSchema>;

const pageSchema = z.object({ events: z.array(eventSchema), next: z.string().regex(/^\d+$/) });

const PAGE = 500;
const LOOK_EVERY_MS = 500;
/** A transaction that was begun earlier may commit later: what is this old is read again, and told once. */
const OVERLAP_SECONDS = 5;

/** MongoDB's Timestamp as a number: seconds above, a counter below. */
export const sinceTimestamp = (secondsAgo: number, now: number): bigint => {
  const seconds = Math.max(0, Math.floor(now / 1_000) - secondsAgo);
  return BigInt(seconds) << 32n;
};

export const overlapping = (after: bigint): bigint => {
  const back = after - (BigInt(OVERLAP_SECONDS) << 32n);
  return back > 0n ? back : 0n;
};

type OutboxOptions = { readonly after: bigint; readonly limit: number; readonly isFollowing: boolean };

/** Reads an outbox on from where it stopped, also over another connection. */
export const outboxOf = ({ after: from, limit, isFollowing }: OutboxOptions) => {
  let after = from;
  let shown = 0;
  const told = new Set<string>();

  const page = async (port: ContextPort, show: (event: PublishedEvent) => void): Promise<boolean> => {
    const { events, next } = pageSchema.parse(await get(port, `/events?after=${after}&limit=${PAGE}`));
    for (const event of events) {
      if (told.has(event.id) || shown >= limit) continue;
      told.add(event.id);
      shown += 1;
      show(event);
    }
    after = BigInt(next);
    return events.length === PAGE;
  };

  return {
    shown: () => shown,
    /** Resolves at the end of the outbox, or, following, never but for the limit. */
    read: async (port: ContextPort, show: (event: PublishedEvent) => void): Promise<void> => {
      let isMore = true;
      while (shown < limit && (isMore || isFollowing)) {
        if (!isMore) {
          await pause(LOOK_EVERY_MS);
          after = overlapping(after);
        }
        isMore = await page(port, show);
      }
    },
  };
};
