import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import { account } from './account.ts';
import type { NewsBell } from './news.ts';
import { planChange } from './plan-change.ts';

type Hearing = { readonly db: Db; readonly news: NewsBell; readonly logger: Logger };

/** Names of documents begin with the tenant. */
const COLLECTIONS = [account.collection, planChange.collection];
const AGAIN_MS = 1_000;

/**
 * Rings for what was recorded, by whichever process: a standby may have been asked to redrive a parked event, and
 * nobody else would tell the leader. What this process records itself is rung for once more, which is harmless.
 */
export const hearOthers = async (hearing: Hearing, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await hearOnce(hearing, signal).catch((error: unknown) => {
      if (!signal.aborted)
        hearing.logger.warn({ error }, 'what other processes record is not heard; again soon');
    });
    await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
};

/** The driver resumes what can be resumed. */
const hearOnce = async ({ db, news }: Hearing, signal: AbortSignal): Promise<void> => {
  const stream = db.watch([{ $match: { 'ns.coll': { $in: COLLECTIONS } } }]);
  const close = () => void stream.close().catch(() => undefined);
  signal.addEventListener('abort', close, { once: true });
  try {
    for await (const change of stream)
      if ('documentKey' in change) news.ring(tenantIn(String(change.documentKey._id)));
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
};

const tenantIn = (id: string): string => id.slice(0, id.indexOf('/'));
