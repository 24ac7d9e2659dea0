import type { Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { mongoCommandHandler } from '../../aggregate/command-handler.ts';
import { counterLanguage } from '../../testing/tally.ts';
import { activeCollection } from '../builds.ts';
import { counting } from '../conformance.ts';
import { projectionMetrics } from '../metrics.ts';
import { runProjection } from '../run-projection.ts';
import { journal, type Line, until } from './journal.ts';
import { sourcedCounter } from './sourced-counter.ts';

const counter = sourcedCounter();

/** Counters of which the events are stored, and processes that keep a journal of them. */
export const projecting = (client: MongoClient, db: Db) => {
  const handler = mongoCommandHandler(client, db, counterLanguage);
  const count = (id: string, times = 1, alsoCommit = async () => undefined) =>
    handler.handle(counting(counter, id, times), { tenant: 'acme', cause: {}, alsoCommit });

  /** Counts in a transaction that stays open until it is told to commit. */
  const countLate = async (id: string) => {
    const late = Promise.withResolvers<undefined>();
    const written = Promise.withResolvers<undefined>();
    const counted = count(id, 1, () => {
      written.resolve(undefined);
      return late.promise;
    });
    await written.promise;
    return {
      commit: async () => {
        late.resolve(undefined);
        await counted;
      },
    };
  };

  const start = (projection = journal(), aggregate = counter, registry = new Registry()) => {
    const stopping = new AbortController();
    const metrics = projectionMetrics(registry);
    const aggregates = [aggregate.key('').aggregate];
    const deps = { client, db, aggregates, metrics, logger: pino({ level: 'silent' }) };
    const done = runProjection(deps, projection, stopping.signal);
    return {
      stop: () => {
        stopping.abort();
        return done;
      },
    };
  };

  /** What the journal in use says, in its order. */
  const lines = async (): Promise<string[]> => {
    const name = await activeCollection(db, 'journal');
    if (name === undefined) return [];
    const found = await db.collection<Line>(name).find().sort({ n: 1 }).toArray();
    return found.map(({ _id }) => _id);
  };
  const has = (expected: number) =>
    until(`${expected} lines`, async () => (await lines()).length === expected);

  return { count, countLate, start, lines, has };
};
