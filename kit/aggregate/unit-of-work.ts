import type { ClientSession, Db } from 'mongodb';
import type { Cause } from '../event/cloud-event.ts';
import type { PublishedLanguage } from '../event/published-language.ts';
import { mongoOutbox, type OutboxDocument, outboxDocument, publishedAs } from '../outbox/outbox.ts';
import type { AggregateDocument, DomainEvent, EventsOf, Key, Keys, StatesOf } from './aggregate.ts';
import { ConcurrencyConflict } from './errors.ts';

/** One aggregate's document as it was read and as the unit of work has changed it since. */
type Loaded = {
  readonly key: Key;
  readonly tenant: string;
  readonly storedVersion: number;
  version: number;
  sequence: number;
  state: unknown;
};

/**
 * The documents that a command or a batch of events reads, changed in memory, committed together with
 * the events that changed them. Reading happens before the transaction, so committing compares versions.
 */
export type UnitOfWork = {
  readonly documents: Map<string, Loaded>;
  readonly outbox: OutboxDocument[];
};

export type Wanted = { readonly tenant: string; readonly keys: Keys };
export type Published = { readonly language: PublishedLanguage; readonly time: string };

/** Reads every named document once, with one query per collection. */
export const beginWork = async (db: Db, wanted: readonly Wanted[]): Promise<UnitOfWork> => {
  const documents = new Map<string, Loaded>();
  for (const { tenant, keys } of wanted) {
    for (const key of allKeys(keys)) {
      const name = nameOf(tenant, key);
      if (!documents.has(name)) documents.set(name, notStored(tenant, key));
    }
  }
  await Promise.all(
    [...byCollection(documents)].map(([collection, part]) => {
      const stored = part.filter(({ key }) => !key.isNew);
      return stored.length === 0 ? undefined : read({ db, collection, part: stored, documents });
    }),
  );
  return { documents, outbox: [] };
};

export const statesOf = <K extends Keys>(work: UnitOfWork, tenant: string, keys: K): StatesOf<K> => {
  const one = (key: Key) => loaded(work, tenant, key).state;
  const entries = Object.entries(keys).map(([name, key]) => [name, isList(key) ? key.map(one) : one(key)]);
  return Object.fromEntries(entries) as StatesOf<K>;
};

export type Decided<K extends Keys> = {
  readonly tenant: string;
  readonly keys: K;
  readonly events: EventsOf<K>;
  readonly cause: Cause;
};

/** Evolves the documents by the events and puts those that are published into the outbox. */
export const record = <K extends Keys>(work: UnitOfWork, decided: Decided<K>, published: Published): void => {
  for (const [key, events] of perDocument(decided.keys, decided.events)) {
    for (const event of events) recordOne(work, { ...decided, key, event }, published);
  }
};

const perDocument = <K extends Keys>(keys: K, events: EventsOf<K>): [Key, readonly DomainEvent[]][] =>
  Object.entries(keys).flatMap(([name, key]): [Key, readonly DomainEvent[]][] => {
    const decided = events[name] ?? [];
    if (!isList(key)) return [[key, decided as readonly DomainEvent[]]];
    return key.map((one, index) => [one, (decided as readonly DomainEvent[][])[index] ?? []]);
  });

/**
 * Writes the changed documents and the outbox within a transaction.
 * @throws ConcurrencyConflict when a document was changed since it was read.
 */
export const writeWork = async (db: Db, work: UnitOfWork, session: ClientSession): Promise<void> => {
  const changed = new Map([...work.documents].filter(([, one]) => one.version > one.storedVersion));
  for (const [name, part] of byCollection(changed)) await write(db, { name, part, session });
  await mongoOutbox(db).append(work.outbox, session);
};

const recordOne = (
  work: UnitOfWork,
  { tenant: asking, key, event, cause }: { tenant: string; key: Key; event: DomainEvent; cause: Cause },
  { language, time }: Published,
): void => {
  const document = loaded(work, asking, key);
  const { tenant } = document;
  document.state = key.aggregate.evolve(document.state, event);
  document.version += 1;
  const type = publishedAs(language, event);
  if (type === undefined) return;
  document.sequence += 1;
  const { sequence } = document;
  const subject = `${key.aggregate.kind}/${key.id}`;
  work.outbox.push(outboxDocument({ language, tenant, subject, sequence, event, cause, time }, type));
};

type Reading = { db: Db; collection: string; part: readonly Loaded[]; documents: Map<string, Loaded> };

const read = async ({ db, collection, part, documents }: Reading): Promise<void> => {
  const ids = part.map(({ tenant, key }) => idOf(tenant, key));
  const cursor = db
    .collection<AggregateDocument>(collection)
    .find({ _id: { $in: ids } }, { batchSize: 10_000 });
  for (const { _id, version, sequence, state } of await cursor.toArray()) {
    const name = `${collection}/${_id}`;
    const asked = documents.get(name);
    if (asked !== undefined)
      documents.set(name, { ...asked, storedVersion: version, version, sequence, state });
  }
};

type Writing = { name: string; part: Loaded[]; session: ClientSession };

const write = async (db: Db, { name, part, session }: Writing): Promise<void> => {
  const collection = db.collection<AggregateDocument>(name);
  const fresh = part.filter((one) => one.storedVersion === 0).map(toDocument);
  if (fresh.length > 0) await collection.insertMany(fresh, { session, ordered: false });
  const updates = part.filter((one) => one.storedVersion > 0);
  if (updates.length === 0) return;
  const result = await collection.bulkWrite(updates.map(toUpdate), { session, ordered: false });
  if (result.matchedCount !== updates.length) throw new ConcurrencyConflict(`${updates.length} ${name}`);
};

const toDocument = ({ key, tenant, sequence, version, state }: Loaded): AggregateDocument => {
  return { _id: idOf(tenant, key), tenant, id: key.id, sequence, version, state };
};

const toUpdate = ({ key, tenant, storedVersion, sequence, version, state }: Loaded) => ({
  updateOne: {
    filter: { _id: idOf(tenant, key), version: storedVersion },
    update: { $set: { sequence, version, state } },
  },
});

const byCollection = (documents: Map<string, Loaded>): Map<string, Loaded[]> =>
  Map.groupBy(documents.values(), ({ key }) => key.aggregate.collection);

const loaded = (work: UnitOfWork, tenant: string, key: Key): Loaded => {
  const found = work.documents.get(nameOf(tenant, key));
  if (found === undefined) throw new Error(`cannot use ${nameOf(tenant, key)}: its key was not asked for`);
  return found;
};

const notStored = (tenant: string, key: Key): Loaded => {
  const state = key.aggregate.initialState();
  return { key, tenant: key.tenant ?? tenant, storedVersion: 0, version: 0, sequence: 0, state };
};

const allKeys = (keys: Keys): Key[] => Object.values(keys).flat() as Key[];
const isList = (key: Key | readonly Key[]): key is readonly Key[] => Array.isArray(key);
const idOf = (tenant: string, key: Key) => `${key.tenant ?? tenant}/${key.id}`;
const nameOf = (tenant: string, key: Key) => `${key.aggregate.collection}/${idOf(tenant, key)}`;
