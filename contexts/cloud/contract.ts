import { z } from 'zod';
import { publishedLanguage } from '../../kit/event/published-language.ts';

/** `requests`, `bytes`, or what a context reports. */
const meter = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** What the front door tells others. */
export const cloud = publishedLanguage('cloud', {
  /** The usage of an account, the event's `tenant`, on one day: `usage/2026-11-23`. */
  usage: {
    /** What was consumed of one meter within a window of at most 10 s. A window counts once, by its id. */
    UsageRecorded: z.object({
      windowId: z.string().min(1).max(100),
      meter,
      units: z.int().min(1),
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      /** Login keys by which it was consumed, the last use of each; some only, where there are many. */
      keys: z.array(z.object({ keyId: z.string(), lastUsedAt: z.iso.datetime() })).max(100),
    }),
  },
});
