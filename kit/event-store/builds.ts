import type { ClientSession, Db, Timestamp } from 'mongodb';
import { ConcurrencyConflict } from '../aggregate/errors.ts';
import type { ResumeToken } from './event-stream.ts';

export const PROJECTIONS = 'projections';
export const BUILDS = 'projection_builds';

/** Which build of a projection is in use. */
type ActiveDocument = { _id: string; collection: string; version: number };

/** A place among all events as they were inserted. */
export type Place = { readonly at: Timestamp; readonly id: string };

/** What was read as it stood at one time: the places up to `upTo`, or all that were left when it is null. */
export type ReadPart = { readonly asOf: Timestamp; readonly upTo: Place | null };

/** One collection of a projection and how far it got: its checkpoint, and the lease of who writes it. */
export type Build = {
  /** Its collection: `<name>_v<version>_<n>` */
  _id: string;
  name: string;
  version: number;
  n: number;
  owner: string;
  /** Counted up by each who takes it over, and compared by each write: the fence. */
  epoch: number;
  until: Date;
  /** What was read so far of the events that were there when it began; the stream is followed from the first time. */
  read: readonly ReadPart[];
  /** Where the stream is followed from, once all is read. */
  token?: ResumeToken;
  /** The stream was lost: another build takes its place. */
  isLost?: boolean;
  /** No longer in use; those who still read it have a moment to finish. */
  retiredAt?: Date;
  /** Its collection is gone; the document stays, so that its number is not used again. */
  isDropped?: boolean;
};

const LEASE_MS = 5_000;
/** A transaction of a dead process may hold the document. */
const BLOCKED_MS = 2_000;
/** How long whoever has just asked for the collection in use may go on reading it. */
const RETIRED_MS = 10_000;
/** A newer version that nobody has run for this long was rolled back. */
const ROLLED_BACK_MS = 60_000;

export const buildsOf = (db: Db) => db.collection<Build>(BUILDS, { writeConcern: { w: 'majority' } });
const activeOf = (db: Db) => db.collection<ActiveDocument>(PROJECTIONS, { writeConcern: { w: 'majority' } });

/** The collection to read; ask for it anew with each request. Undefined until the projection was built once. */
export const activeCollection = async (db: Db, name: string): Promise<string | undefined> =>
  (await activeOf(db).findOne({ _id: name }))?.collection;

type Named = { readonly name: string; readonly version: number };

/** Takes the lease on the newest build of this version, a new one if there is none. @returns undefined while another has it. */
export const takeBuild = async (db: Db, named: Named, owner: string): Promise<Build | undefined> => {
  if (await isSuperseded(db, named)) return undefined;
  const { name, version } = named;
  const newest = await buildsOf(db).findOne({ name, version }, { sort: { n: -1 } });
  const isGone = newest === null || newest.isLost || newest.retiredAt !== undefined;
  const _id = isGone ? await addBuild(db, named, (newest?.n ?? 0) + 1) : newest._id;
  const free = { $or: [{ $eq: ['$owner', owner] }, { $lt: ['$until', '$$NOW'] }] };
  const taken = { owner, epoch: { $add: ['$epoch', 1] }, until: until() };
  const found = await buildsOf(db).findOneAndUpdate({ _id, $expr: free }, [{ $set: taken }], {
    returnDocument: 'after',
    maxTimeMS: BLOCKED_MS,
  });
  return found ?? undefined;
};

/** While it builds a newer version, or once one is in use, this version has no work. */
const isSuperseded = async (db: Db, { name, version }: Named): Promise<boolean> => {
  const active = await activeOf(db).findOne({ _id: name });
  if (active === null || active.version <= version) return false;
  const alive = { $gt: ['$until', { $subtract: ['$$NOW', ROLLED_BACK_MS] }] };
  return (await buildsOf(db).findOne({ name, version: { $gt: version }, $expr: alive })) !== null;
};

const addBuild = async (db: Db, { name, version }: Named, n: number): Promise<string> => {
  const _id = `${name}_v${version}_${n}`;
  const fresh = { _id, name, version, n, owner: '', epoch: 0, until: new Date(0), read: [] };
  await buildsOf(db).updateOne({ _id }, { $setOnInsert: withoutId(fresh) }, { upsert: true });
  return _id;
};

/** Writes progress, and with it goes on holding the build. @throws ConcurrencyConflict when another has it now. */
export const holdBuild = async (
  db: Db,
  { _id, epoch }: Build,
  { progress = {}, session }: { progress?: Partial<Build>; session?: ClientSession } = {},
): Promise<void> => {
  const fields = Object.fromEntries(Object.entries(progress).map(([name, value]) => [name, literal(value)]));
  const update = [{ $set: { ...fields, until: until() } }];
  const { matchedCount } = await buildsOf(db).updateOne({ _id, epoch }, update, {
    ...(session && { session }),
  });
  if (matchedCount !== 1) throw new ConcurrencyConflict(`the checkpoint of ${_id}`);
};

/** Has readers read this build from now on, and retires those that are no newer. */
export const activate = async (db: Db, build: Build, session: ClientSession): Promise<void> => {
  const { _id, name, version } = build;
  await holdBuild(db, build, { session });
  await activeOf(db).updateOne(
    { _id: name },
    { $set: { collection: _id, version } },
    { session, upsert: true },
  );
  const others = { name, version: { $lte: version }, _id: { $ne: _id }, retiredAt: { $exists: false } };
  const retired = [{ $set: { retiredAt: '$$NOW', epoch: { $add: ['$epoch', 1] } } }];
  await buildsOf(db).updateMany(others, retired, { session });
};

export const isActive = async (db: Db, { _id, name }: Build): Promise<boolean> =>
  (await activeCollection(db, name)) === _id;

/** Drops what nobody can still be reading. */
export const dropRetired = async (db: Db, name: string): Promise<void> => {
  const isOver = { $lt: ['$retiredAt', { $subtract: ['$$NOW', RETIRED_MS] }] };
  const filter = { name, retiredAt: { $exists: true }, isDropped: { $exists: false }, $expr: isOver };
  for (const { _id } of await buildsOf(db).find(filter).toArray()) {
    await db.dropCollection(_id);
    await buildsOf(db).updateOne({ _id }, { $set: { isDropped: true } });
  }
};

/** Lets another take it at once. */
export const releaseBuild = async (db: Db, { _id, epoch }: Build): Promise<void> => {
  await buildsOf(db).updateOne({ _id, epoch }, { $set: { until: new Date(0) } });
};

const until = () => ({ $add: ['$$NOW', LEASE_MS] });
const literal = (value: unknown) => ({ $literal: value });
const withoutId = ({ _id, ...rest }: Build) => rest;
