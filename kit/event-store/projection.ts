import type { ClientSession, Db } from 'mongodb';

/** A stored event as projections see it, brought into today's shape. */
export type RecordedEvent = {
  readonly tenant: string;
  /** The aggregate's kind and id. */
  readonly kind: string;
  readonly id: string;
  /** 1, 2, 3 … within its stream. */
  readonly version: number;
  readonly type: string;
  readonly data: unknown;
  /** RFC 3339, from the clock of the process that wrote it. */
  readonly time: string;
  /** Who did it, as the command said: `user/…`, `staff`, or absent for what follows from an event. */
  readonly actor?: string;
};

/**
 * A read model that follows the events of this context's event-sourced aggregates, a little behind.
 *
 * `project` writes into `target`, a collection that belongs to this version of it alone, with the given session: the
 * writes commit with the checkpoint, so each event takes effect once, in the order in which events committed. Those
 * that were there when it was built come in the order of their insertion: the same but for transactions that ran at
 * one time, and always the same within a stream.
 */
export type Projection = {
  readonly name: string;
  /** Counted up when what it writes changes: the next one is built beside the one in use and takes its place. */
  readonly version: number;
  /** Kinds of aggregates that it follows. */
  readonly kinds: readonly string[];
  readonly indexes?: readonly Record<string, 1 | -1>[];
  readonly project: (events: readonly RecordedEvent[], target: ProjectionTarget) => Promise<void>;
};

export type ProjectionTarget = {
  readonly db: Db;
  readonly collection: string;
  readonly session: ClientSession;
};
