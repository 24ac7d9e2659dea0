import { Gauge, type Registry } from 'prom-client';
import { floorOf } from './lane.ts';
import type { Leader } from './leader.ts';

type Value = (leader: Leader, consumer: string) => number;

/** What a leader knows of each consumer, read when someone asks; a standby shows nothing. */
const GAUGES: readonly (readonly [name: string, help: string, value: Value])[] = [
  [
    'buffered_events',
    'Events that wait in memory',
    ({ consumers }, name) => consumers.get(name)?.lane.buffer.count ?? 0,
  ],
  [
    'unacknowledged_batches',
    'Batches on their way',
    ({ consumers }, name) => consumers.get(name)?.lane.inFlight.size ?? 0,
  ],
  [
    'catching_up',
    '1 while the consumer is fed from the outboxes',
    ({ consumers }, name) => Number(consumers.get(name)?.lane.mode !== 'live'),
  ],
  [
    'lag_seconds',
    'Age of the oldest event that is not committed, 0 when none waits',
    (leader, name) => lagSeconds(leader, name),
  ],
];

export const relayMetrics = (registry: Registry, leader: () => Leader | undefined): void => {
  for (const [name, help, value] of GAUGES) {
    const gauge = new Gauge({
      name: `cadastre_relay_${name}`,
      help,
      labelNames: ['consumer'],
      registers: [registry],
      collect: () => {
        const current = leader();
        gauge.reset();
        for (const consumer of current?.consumers.keys() ?? []) {
          if (current !== undefined) gauge.set({ consumer }, value(current, consumer));
        }
      },
    });
  }
};

/** By mongod's clock alone: from the watermark to where the stream stands. */
const lagSeconds = ({ consumers, position }: Leader, name: string): number => {
  const lane = consumers.get(name)?.lane;
  return lane === undefined ? 0 : Math.max(0, position.at.t - floorOf(lane, position).at.t);
};
