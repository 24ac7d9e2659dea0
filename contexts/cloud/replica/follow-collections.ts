import { setTimeout as delay } from 'node:timers/promises';
import type { ChangeStream, ChangeStreamDocument, Db } from 'mongodb';
import type { Logger } from 'pino';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { isHistoryLost } from '../../../kit/aggregate/history-lost.ts';

/** Holds documents of one collection in memory. Versions decide, so documents may come twice and in any order. */
export interface Target<State> {
  apply(document: AggregateDocument<State>): void;
  remove(id: string): void;
  clear(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: collections hold different states, and a target knows its own
export type Targets = Readonly<Record<string, Target<any>>>;

export type Following = {
  readonly db: Db;
  /** By the name of the collection. */
  readonly targets: Targets;
  readonly logger: Logger;
};

export interface Followed {
  close(): Promise<void>;
}

type Watching = Following & { readonly signal: AbortSignal };
type Change = ChangeStreamDocument<AggregateDocument>;

/** The driver keeps what it parses of a batch until the batch is read; small ones that are read at once die young. */
const BATCH = 250;
const AGAIN_MS = 100;

/**
 * Loads the collections and keeps the targets current. The change stream is open before the load begins, so nothing
 * falls between the two. A stream that is lost is opened again where it was; where MongoDB has no history that long,
 * everything is loaded again, while the targets go on with what they know.
 *
 * Resolves when all is loaded. @throws when MongoDB is away at the first load.
 */
export const followCollections = async (following: Following): Promise<Followed> => {
  const stopping = new AbortController();
  const watching = { ...following, signal: stopping.signal };
  const stream = await openStream(watching);
  const running = keepFollowing(watching, stream);
  try {
    await load(watching);
  } catch (error) {
    stopping.abort();
    await running;
    throw error;
  }
  return {
    close: async () => {
      stopping.abort();
      await running;
    },
  };
};

const openStream = async ({ db, targets }: Watching, resumeAfter?: unknown): Promise<ChangeStream> => {
  const stream = db.watch([{ $match: { 'ns.coll': { $in: Object.keys(targets) } } }], {
    fullDocument: 'updateLookup',
    readConcern: { level: 'majority' },
    maxAwaitTimeMS: 200,
    ...(resumeAfter !== undefined && { resumeAfter }),
  });
  try {
    // The driver opens it with the first read; one that waits would hold up the load.
    await stream.tryNext().then((first) => first && applyChange(targets, first as Change));
    return stream;
  } catch (error) {
    await stream.close();
    throw error;
  }
};

const keepFollowing = async (watching: Watching, first: ChangeStream): Promise<void> => {
  const { signal, logger } = watching;
  let stream: ChangeStream | undefined = first;
  let token: unknown;
  while (!signal.aborted) {
    try {
      stream ??= await reopen(watching, token);
      await read(watching, stream);
    } catch (error) {
      if (signal.aborted) break;
      logger.warn({ err: error }, 'the change stream of the replica broke; it is opened again');
    }
    token = stream?.resumeToken ?? token;
    await stream?.close().catch(() => undefined);
    stream = undefined;
    await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
  await stream?.close().catch(() => undefined);
};

/** Goes on at the token; where that fails for the history's sake, a new stream and everything once more. */
const reopen = async (watching: Watching, token: unknown): Promise<ChangeStream> => {
  if (token !== undefined) {
    try {
      return await openStream(watching, token);
    } catch (error) {
      if (!isHistoryLost(error)) throw error;
    }
  }
  watching.logger.warn('the replica is loaded again: the history since it was current is gone');
  const stream = await openStream(watching);
  await load(watching).catch(async (error) => {
    await stream.close();
    throw error;
  });
  return stream;
};

const read = async ({ targets, signal }: Watching, stream: ChangeStream): Promise<void> => {
  const stop = () => void stream.close().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    while (!signal.aborted) applyChange(targets, (await stream.next()) as Change);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

const applyChange = (targets: Targets, change: Change): void => {
  const target = 'ns' in change && 'coll' in change.ns ? targets[change.ns.coll] : undefined;
  if (target === undefined) return;
  switch (change.operationType) {
    case 'insert':
    case 'replace':
    case 'update':
      if (change.fullDocument) target.apply(change.fullDocument);
      break;
    case 'delete':
      target.remove(String(change.documentKey._id));
      break;
    case 'drop':
      target.clear();
      break;
  }
};

const load = async (watching: Watching): Promise<void> => {
  for (const name of Object.keys(watching.targets)) {
    const ranges = await rangesOf(watching.db, name);
    // While one range's documents are decoded here, mongod reads the next ones of the others.
    await Promise.all(ranges.map((range) => loadRange(watching, name, range)));
  }
};

type Range = { readonly _id?: { readonly $gte?: string; readonly $lt?: string } };

const loadRange = async ({ db, targets, signal }: Watching, name: string, range: Range): Promise<void> => {
  await using cursor = db.collection<AggregateDocument>(name).find(range, {
    batchSize: BATCH,
    readConcern: { level: 'majority' },
    projection: { sequence: 0, id: 0 },
  });
  while (!signal.aborted && (await cursor.hasNext())) {
    for (const document of cursor.readBufferedDocuments()) targets[name]?.apply(document);
  }
};

const FEW = 50_000;
const RANGES = 4;
const SAMPLE = 100;

const rangesOf = async (db: Db, name: string): Promise<Range[]> => {
  const collection = db.collection<AggregateDocument>(name);
  if ((await collection.estimatedDocumentCount()) < FEW) return [{}];
  const sample = await collection
    .aggregate<{ _id: string }>([
      { $sample: { size: SAMPLE } },
      { $project: { _id: 1 } },
      { $sort: { _id: 1 } },
    ])
    .toArray();
  const cuts = Array.from({ length: RANGES - 1 }, (_, n) => sample[((n + 1) * SAMPLE) / RANGES]?._id ?? '');
  return [...cuts, undefined].map((end, n) => {
    const start = cuts[n - 1];
    return { _id: { ...(start !== undefined && { $gte: start }), ...(end !== undefined && { $lt: end }) } };
  });
};
