import type { ClientSession, Db } from 'mongodb';
import type { Cause } from '../event/cloud-event.ts';
import type { PublishedLanguage } from '../event/published-language.ts';
import { eventStored } from '../event-store/event-stored.ts';
import { mongoOutbox, type OutboxDocument, outboxDocument, publishedAs } from '../outbox/outbox.ts';
import type { DomainEvent, EventsOf, Key, Keys, StatesOf } from './aggregate.ts';
import { stateStored } from './state-stored.ts';
import { type Loaded, notStored, type Storage } from './storage.ts';

/**
 * The aggregates that a command or a batch of events reads, changed in memory, committed together with
 * the events that changed them, each as it is stored. Reading happens before the transaction, so committing
 * compares versions.
 */
export type UnitOfWork = {
  readonly documents: Map<string, Loaded>;
  readonly outbox: OutboxDocument[];
};

export type Wanted = { readonly tenant: string; readonly keys: Keys };
export type Published = { readonly language: PublishedLanguage; readonly time: string };

/** Reads every named aggregate once, all that are stored alike together. */
export const beginWork = async (db: Db, wanted: readonly Wanted[]): Promise<UnitOfWork> => {
  const documents = new Map<string, Loaded>();
  for (const { tenant, keys } of wanted) {
    for (const key of allKeys(keys)) {
      const name = nameOf(tenant, key);
      if (!documents.has(name)) documents.set(name, notStored(tenant, key));
    }
  }
  const stored = [...documents.values()].filter(({ key }) => !key.isNew);
  await Promise.all(
    [...byStorage(stored)].map(async ([storage, part]) => {
      for (const one of await storage.read(db, part)) documents.set(nameOf(one.tenant, one.key), one);
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
  readonly actor?: string;
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
  for (const [storage, part] of byStorage(changed(work))) await storage.write(db, part, session);
  await mongoOutbox(db).append(work.outbox, session);
};

/** Does what is left to do once the transaction has committed. Never throws. */
export const afterCommit = async (db: Db, work: UnitOfWork): Promise<void> => {
  for (const [storage, part] of byStorage(changed(work))) await storage.afterCommit?.(db, part);
};

type Recording = Pick<Decided<Keys>, 'tenant' | 'cause' | 'actor'> & {
  readonly key: Key;
  readonly event: DomainEvent;
};

const recordOne = (work: UnitOfWork, recording: Recording, { language, time }: Published): void => {
  const { key, event, cause, actor } = recording;
  const document = loaded(work, recording.tenant, key);
  const { tenant } = document;
  const type = publishedAs(language, event);
  document.state = key.aggregate.evolve(document.state, event);
  document.version += 1;
  if (type !== undefined) document.sequence += 1;
  const { version, sequence } = document;
  document.decisions.push({ event, version, sequence, cause, time, ...(actor !== undefined && { actor }) });
  if (type === undefined) return;
  const subject = `${key.aggregate.kind}/${key.id}`;
  work.outbox.push(outboxDocument({ language, tenant, subject, sequence, event, cause, time }, type));
};

const changed = (work: UnitOfWork): Loaded[] =>
  [...work.documents.values()].filter((one) => one.version > one.storedVersion);

const byStorage = (part: readonly Loaded[]): Map<Storage, Loaded[]> =>
  Map.groupBy(part, ({ key }) => (key.aggregate.eventSourcing ? eventStored : stateStored));

const loaded = (work: UnitOfWork, tenant: string, key: Key): Loaded => {
  const found = work.documents.get(nameOf(tenant, key));
  if (found === undefined) throw new Error(`cannot use ${nameOf(tenant, key)}: its key was not asked for`);
  return found;
};

const allKeys = (keys: Keys): Key[] => Object.values(keys).flat() as Key[];
const isList = (key: Key | readonly Key[]): key is readonly Key[] => Array.isArray(key);
const nameOf = (tenant: string, key: Key) => `${key.aggregate.collection}/${key.tenant ?? tenant}/${key.id}`;
