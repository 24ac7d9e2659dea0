import type { ClientSession, Db } from 'mongodb';
import type { Cause } from '../event/cloud-event.ts';
import type { DomainEvent, Key } from './aggregate.ts';

/** An event that was decided and is not committed yet, with the numbers that it gets. */
export type Decision = {
  readonly event: DomainEvent;
  readonly version: number;
  /** Published events of the aggregate so far, this one included. */
  readonly sequence: number;
  readonly cause: Cause;
  readonly actor?: string;
  /** RFC 3339; one for all events of a transaction. */
  readonly time: string;
};

/** One aggregate as it was read and as the unit of work has changed it since. */
export type Loaded = {
  readonly key: Key;
  readonly tenant: string;
  readonly storedVersion: number;
  /** The version of the snapshot that it was read from; 0 for none. */
  readonly snapshotVersion: number;
  version: number;
  sequence: number;
  state: unknown;
  readonly decisions: Decision[];
};

/**
 * How aggregates are stored.
 *
 * Guarantee: `write` commits with its transaction or not at all, and at most one of those who read the same
 * version of an aggregate succeeds.
 */
export interface Storage {
  /** @returns those that are stored, with a fixed number of queries however many are asked for. */
  read(db: Db, part: readonly Loaded[]): Promise<Loaded[]>;
  /**
   * @throws ConcurrencyConflict, or what `transact` takes for one, when one was changed since it was read.
   */
  write(db: Db, part: readonly Loaded[], session: ClientSession): Promise<void>;
  /** After the commit, for what only makes reading faster. Never throws. */
  afterCommit?(db: Db, part: readonly Loaded[]): Promise<void>;
}

export const idOf = ({ key, tenant }: Pick<Loaded, 'key' | 'tenant'>): string => `${tenant}/${key.id}`;

/** An aggregate before its first event, or of which nothing is read yet. */
export const notStored = (tenant: string, key: Key): Loaded => ({
  key,
  tenant: key.tenant ?? tenant,
  storedVersion: 0,
  snapshotVersion: 0,
  version: 0,
  sequence: 0,
  state: key.aggregate.initialState(),
  decisions: [],
});
