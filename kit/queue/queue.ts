/** What a consumer gets at once. */
export type Batch = {
  /** Version of this shape. A kit reads its own and the one before. */
  readonly v: 1;
  /** The relay leader that sent it. */
  readonly epoch: number;
  /** 1, 2, 3 … per leader and consumer. */
  readonly n: number;
  /** CloudEvents and bare events. */
  readonly events: readonly unknown[];
  /** How often the queue has handed it out, this time included: more than once after a process died or froze. */
  readonly deliveries: number;
};

/** The same as the relay hands it over: each event as JSON text, passed on without parsing it. */
export type OutgoingBatch = Omit<Batch, 'events' | 'deliveries'> & { readonly events: readonly string[] };

export const BATCH_VERSION = 1;

export type Acknowledgement = { readonly consumer: string; readonly epoch: number; readonly n: number };

/** `<epoch>-<n>`: never used for two batches. */
export const batchId = ({ epoch, n }: Pick<Batch, 'epoch' | 'n'>): string => `${epoch}-${n}`;

/**
 * The relay's side of the queues, one queue per consumer.
 *
 * Guarantee: none that needs Redis to keep anything. A batch that `send` accepted may be lost with Redis, may
 * be delivered twice and may overtake another; an acknowledgement may be lost. The relay asks (`holds`)
 * and sends again, and the inbox drops duplicates and restores order.
 */
export interface BatchSender {
  /** Resolves once Redis has the batch. */
  send(consumer: string, batch: OutgoingBatch): Promise<void>;
  /** Whether the batch is still queued or in hand. False after it was acknowledged or lost. */
  holds(consumer: string, id: string): Promise<boolean>;
  /** Whom to listen to; replaces the consumers named before. */
  follow(consumers: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * The consumer's side.
 *
 * Guarantee: `handle` gets each batch at least once while Redis lives, at most `LANES` at a time, in the order
 * in which they were sent unless a process died with one. The batch is acknowledged after `handle`
 * resolved; one that it rejects, or that is no JSON, is gone from the queue, and the relay sends it again.
 */
export interface BatchReceiver {
  /** Milliseconds since it last heard of Redis or finished a batch, while one waits; 0 when all is well. */
  stalledMs(): Promise<number>;
  /** Stops taking batches and resolves when those in hand are done. */
  close(): Promise<void>;
}

export type BatchHandler = (batch: Batch) => Promise<void>;

/** Batches that a consumer may hold: while one commits, the next is parsed. */
export const LANES = 2;
