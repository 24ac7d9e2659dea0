import type { Db } from 'mongodb';
import { Counter, Gauge, type Registry } from 'prom-client';
import { recentStates } from './recent-states.ts';

/** How far the projections are that this process works on. */
export interface ProjectionMetrics {
  /** Of all events by `asOf`, in milliseconds by the clock of this process, each has taken effect; `events` just now. */
  moved(projection: string, to: { readonly asOf: number; readonly events: number }): void;
  /** Another process works on it, or will. */
  left(projection: string): void;
}

/** The lag is told when it is asked for, so that it grows while a projection stands still. */
export const projectionMetrics = (registry: Registry): ProjectionMetrics => {
  const asOf = new Map<string, number>();
  new Gauge({
    name: 'cadastre_projection_lag_seconds',
    help: 'How far a projection is behind the events, while this process works on it',
    labelNames: ['projection'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [projection, time] of asOf) this.set({ projection }, Math.max(0, Date.now() - time) / 1_000);
    },
  });
  const events = new Counter({
    name: 'cadastre_projection_events_total',
    help: 'Events that took effect in a projection',
    labelNames: ['projection'],
    registers: [registry],
  });
  return {
    moved: (projection, to) => {
      asOf.set(projection, to.asOf);
      events.inc({ projection }, to.events);
    },
    left: (projection) => asOf.delete(projection),
  };
};

/** How much of what is read of streams is spared. */
export const streamReadMetrics = (db: Db, registry: Registry): void => {
  new Counter({
    name: 'cadastre_stream_reads_total',
    help: 'Event-sourced aggregates that were read on from memory, from a snapshot, or from their first event',
    labelNames: ['from'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [from, times] of Object.entries(recentStates(db).counts)) this.inc({ from }, times);
    },
  });
};
