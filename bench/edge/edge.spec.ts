import { deepEqual } from 'node:assert/strict';
import { targetOf } from '../figure.ts';
import { edge } from './edge.ts';

const PROMISED = [
  'key.created.p50',
  'key.created.p99',
  'key.revoked.p99',
  'lock.p99',
  'consumption.p99',
  'edge.auth.ratio',
  'edge.metered.ratio',
  'edge.forwarded.ratio',
  'edge.million.seconds',
  'edge.million.memory',
  'events.append.ratio',
  'account.decide.ms',
  'invoices.seconds',
];

describe('the benches of the edge', () => {
  const names = edge.flatMap((bench) => bench.names);
  it('measure everything that was promised', () =>
    deepEqual(
      PROMISED.filter((name) => !names.includes(name)),
      [],
    ));
  it('have a target for each figure', () =>
    deepEqual(
      names.filter((name) => targetOf({ name, value: 0, unit: 'ms' }) === undefined),
      [],
    ));
});
