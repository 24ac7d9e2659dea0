import type { Collection } from 'mongodb';
import { INBOX } from '../kit/inbox/documents.ts';
import { type Backlog, moveBacklog, startBacklog, TOTAL } from './backlog.ts';
import { iteratorRate } from './change-streams.ts';
import type { Bench } from './ground.ts';

/** Order-placed events that ordering has committed to shipments that shipping has committed. */
export const drainRate: Bench = {
  names: ['drain.rate'],
  run: async (ground) => {
    const backlog = await startBacklog(ground);
    try {
      const done = () => committed(backlog.db('shipping').collection('shipments'));
      const { value, limit } = await moveBacklog(backlog, { done }, iteratorRate);
      await checkEffects(backlog);
      return [{ name: 'drain.rate', value, unit: 'events/s', limit }];
    } finally {
      await backlog.stop();
    }
  },
};

/**
 * Metadata answer in no time, but count what is not committed yet: once they say that all is there, the index is
 * counted instead, which takes some 50 ms and so costs the figure about 1%.
 */
const committed = async (shipments: Collection): Promise<number> => {
  const estimate = await shipments.estimatedDocumentCount();
  return estimate < TOTAL ? estimate : shipments.countDocuments({}, { hint: '_id_' });
};

/** A fast drain that lost or repeated something is no drain. */
const checkEffects = async ({ db }: Backlog): Promise<void> => {
  const shipments = await db('shipping')
    .collection('shipments')
    .countDocuments({ 'state.status': 'scheduled' });
  const positions = { _id: /^stream\// } as object;
  const streams = await db('shipping').collection(INBOX).countDocuments(positions);
  if (shipments !== TOTAL || streams !== TOTAL) {
    throw new Error(
      `${TOTAL} events made ${shipments} shipments and ${streams} inbox positions: they must agree`,
    );
  }
};
