import { deepEqual, equal } from 'node:assert/strict';
import { failures, invalidities, type Outcome } from './verdict.ts';

const commands = (['cancel', 'dispatch'] as const).flatMap((type) =>
  Array.from({ length: 3 }, (_, index) => ({
    type,
    tenant: 'acme',
    orderId: `${index}`,
    outcome: 'done' as const,
  })),
);

const anOutcome = (overrides: Partial<Outcome> = {}): Outcome => ({
  seed: 1,
  seconds: 60,
  ordersPerSecond: 60,
  orders: 2_000,
  commands,
  refusedReservations: 10,
  reinstatedOrders: 1,
  strangeAnswers: [],
  faults: FAULTS,
  drainSeconds: 2,
  requests: { sent: 5_000, answered: 4_000, counted: 4_500 },
  windows: 30,
  violations: [],
  ...overrides,
});

const FAULTS = {
  killed: 18,
  frozen: 1,
  'subscriptions away': 1,
  'Redis wiped': 2,
  'Redis restarted': 1,
  'MongoDB restarted': 1,
  'oplog rolled over': 1,
};

describe('the verdict on a run', () => {
  it('has nothing to say about a good one', () =>
    deepEqual([...failures(anOutcome()), ...invalidities(anOutcome())], []));

  describe('when it proves nothing', () => {
    const invalid = (what: string, overrides: Partial<Outcome>) =>
      it(`says so of ${what}`, () => equal(invalidities(anOutcome(overrides)).length, 1));

    invalid('too little load', { orders: 100 });
    invalid('no cancellations', { commands: commands.filter(({ type }) => type === 'dispatch') });
    invalid('no refusals', { refusedReservations: 0 });
    invalid('no windows of usage', { windows: 0 });
    invalid('too few kills', { faults: { ...FAULTS, killed: 5 } });
    for (const kind of Object.keys(FAULTS)) {
      invalid(`no process or server ${kind}`, { faults: { ...FAULTS, [kind]: 0 } });
    }
  });

  describe('when the guarantee was broken', () => {
    const failed = (what: string, overrides: Partial<Outcome>) =>
      it(`says so of ${what}`, () => equal(failures(anOutcome(overrides)).length, 1));

    failed('a violation', { violations: [{ kind: 'loss', about: 'acme/1', what: 'gone' }] });
    failed('a run that does not drain', { drainSeconds: undefined });
    failed('an answer that nothing explains', { strangeAnswers: ['place: 500'] });
  });
});
