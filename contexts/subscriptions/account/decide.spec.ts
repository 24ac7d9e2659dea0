import { deepEqual, equal, throws } from 'node:assert/strict';
import fc from 'fast-check';
import { aPrice, aPriceList } from '../testing/prices.ts';
import { type Account, type AccountEvent, account } from './account.ts';
import { refundable } from './credits.ts';
import { type AccountCommand, decide, type Enter } from './decide.ts';
import { charge } from './entry.ts';
import { reasonsOf, withStanding } from './standing.ts';

const NOW = '2026-11-10T00:00:00.000Z';
const later = (days: number) => new Date(Date.parse(NOW) + days * 86_400_000).toISOString();
const prices = aPriceList();
const lenient = aPriceList(aPrice(), { amount: 500, grace: 'P2D' });

const opened: AccountEvent = {
  type: 'AccountOpened',
  data: { displayName: 'Acme', owner: 'ada@acme.example', openedAt: NOW },
};
const assigned: AccountEvent = { type: 'PlanAssigned', data: { from: NOW, plan: 'starter' } };
const given = (...events: AccountEvent[]): Account => events.reduce(account.evolve, account.initialState());
const when = (command: AccountCommand, state: Account, { now = NOW, list = prices } = {}) =>
  decide(command, state, { prices: list, now });
const having = (state: Account, ...commands: AccountCommand[]) =>
  commands.reduce((one, command) => when(command, one).reduce(account.evolve, one), state);
const types = (events: readonly AccountEvent[]) => events.map(({ type }) => type);
const entering = (type: Enter['type'], amount: number, overrides: Partial<Enter> = {}): Enter => ({
  type,
  cause: `${type}/1`,
  amount,
  currency: 'EUR',
  ...overrides,
});
const charged = (state: Account, amount: number, list = prices) =>
  withStanding(
    state,
    charge(state, {
      cause: 'window/1',
      now: NOW,
      amount,
      currency: 'EUR',
      for: {
        period: '2026-11',
        month: '2026-11',
        plan: 'starter',
        meter: 'requests',
        units: amount,
        unitPrice: 1,
      },
    }),
    { prices: list, now: NOW },
  );
const tenant = {
  type: 'FollowTenant',
  displayName: 'Acme',
  owner: 'ada@acme.example',
  suspended: false,
} as const;
const subscription = {
  type: 'FollowSubscription',
  subscriptionId: 's1',
  name: 'main',
  plan: 'starter',
  state: 'Active',
} as const;

describe('following a tenant', () => {
  it('opens the account', () => {
    deepEqual(when(tenant, given()), [opened]);
  });
  it('says nothing again', () => {
    deepEqual(when(tenant, given(opened)), []);
  });
  it('locks the account of one that is suspended, and unlocks it', () => {
    const suspended = when({ ...tenant, suspended: true }, given(opened));
    deepEqual(types(suspended), ['TenantSuspended', 'AccountLocked']);
    deepEqual(types(when(tenant, given(opened, ...suspended))), ['TenantSuspended', 'AccountUnlocked']);
  });
});

describe('following subscriptions', () => {
  it('gives the plan of the oldest that is active', () => {
    const state = having(given(opened), subscription, {
      ...subscription,
      subscriptionId: 's2',
      plan: 'gold',
    });
    deepEqual(state.plans, [{ from: NOW, plan: 'starter' }]);
    const ended = having(state, { ...subscription, state: 'Ended' });
    equal(ended.plans.at(-1)?.plan, 'gold');
  });
  it('counts one that is told before its tenant', () => {
    const state = having(given(), subscription, tenant);
    deepEqual([state.status, state.plans.at(-1)?.plan], ['open', 'starter']);
  });
  it('locks when all that run are suspended', () => {
    const state = having(given(opened), subscription, { ...subscription, state: 'Suspended' });
    deepEqual([state.lockReasons, state.plans.length], [['suspended'], 1]);
  });
});

describe('entering money', () => {
  it('tells amount, cause and the balance after', () => {
    const entry = { entryId: '1', cause: 'TopUp/1', amount: 700, balance: 700, at: NOW };
    deepEqual(when(entering('TopUp', 700), given(opened)), [
      { type: 'CurrencySet', data: { currency: 'EUR' } },
      { type: 'ToppedUp', data: entry },
    ]);
  });
  it('refuses what has no account, another currency, a refund of more than there is, and too much', () => {
    const state = having(given(opened), entering('TopUp', 10));
    throws(() => when(entering('TopUp', 1), given()), { code: 'account-not-found' });
    throws(() => when(entering('TopUp', 1, { currency: 'USD' }), state), { code: 'currency-mismatch' });
    throws(() => when(entering('Refund', 11), state), { code: 'balance-too-low' });
    throws(() => when(entering('TopUp', Number.MAX_SAFE_INTEGER), state), { code: 'amount-too-large' });
  });
  it('takes no payment of a closed account but pays back what is left', () => {
    const state = having(given(opened), entering('TopUp', 10), { type: 'CloseAccount', reason: 'moved' });
    deepEqual([state.status, state.lockReasons], ['closed', ['closed']]);
    throws(() => when(entering('TopUp', 1), state), { code: 'account-closed' });
    deepEqual(types(when(entering('Refund', 10), state)), ['Refunded']);
  });
});

describe('a credit that expires', () => {
  const credit = entering('GiveCredit', 100, { expiresAt: later(5) });
  it('is used before other money', () => {
    const state = having(given(opened, assigned), entering('TopUp', 50), credit);
    equal(given(opened, assigned).credits.length, 0);
    const used = charged(state, 30).reduce(account.evolve, state);
    deepEqual([used.balance, used.credits[0]?.remaining], [120, 70]);
  });
  it('takes what is left with it, once', () => {
    const state = having(given(opened), entering('TopUp', 50), credit);
    deepEqual(when({ type: 'ExpireCredits' }, state, { now: later(4) }), []);
    const expired = when({ type: 'ExpireCredits' }, state, { now: later(5) });
    deepEqual(types(expired), ['CreditExpired']);
    const ended = expired.reduce(account.evolve, state);
    deepEqual([ended.balance, ended.credits], [50, []]);
    deepEqual(when({ type: 'ExpireCredits' }, ended, { now: later(6) }), []);
  });
  it('is not paid out', () => {
    const state = having(given(opened), entering('TopUp', 50), credit);
    throws(() => when(entering('Refund', 51), state), {
      code: 'balance-too-low',
      detail: { refundable: 50 },
    });
    const refunded = having(state, entering('Refund', 50));
    deepEqual([refunded.balance, refunded.credits[0]?.remaining], [100, 100]);
  });
  it('keeps nothing of what it paid of a debt', () => {
    const debt = charged(given(opened, assigned), 80).reduce(account.evolve, given(opened, assigned));
    deepEqual(having(debt, credit).credits, [{ cause: 'GiveCredit/1', remaining: 20, expiresAt: later(5) }]);
  });
  it('must not have expired', () => {
    throws(() => when(entering('GiveCredit', 1, { expiresAt: NOW }), given(opened)), {
      code: 'credit-has-expired',
    });
  });
});

describe('overdrawing', () => {
  const state = given(opened, assigned);
  it('locks at once where the plan gives nothing', () => {
    deepEqual(types(charged(state, 1)), ['CurrencySet', 'Charged', 'OverdraftBegan', 'AccountLocked']);
  });
  it('tells nothing more with the next charge', () => {
    const locked = charged(state, 1).reduce(account.evolve, state);
    deepEqual(types(charged(locked, 1)), ['Charged']);
  });
  it('unlocks with the payment that covers it', () => {
    const locked = charged(state, 1).reduce(account.evolve, state);
    deepEqual(types(when(entering('TopUp', 1), locked)), ['ToppedUp', 'OverdraftEnded', 'AccountUnlocked']);
  });
  it('does not lock within the limit', () => {
    deepEqual(types(charged(state, 500, lenient)), ['CurrencySet', 'Charged']);
  });
  it('locks below the limit when the grace is over', () => {
    const below = charged(state, 501, lenient).reduce(account.evolve, state);
    deepEqual(below.lockReasons, []);
    deepEqual(when({ type: 'CheckOverdraft' }, below, { now: later(1), list: lenient }), []);
    deepEqual(types(when({ type: 'CheckOverdraft' }, below, { now: later(2), list: lenient })), [
      'AccountLocked',
    ]);
  });
  it('stays locked for a process whose clock is slow', () => {
    const below = charged(state, 501, lenient).reduce(account.evolve, state);
    const lock = when({ type: 'CheckOverdraft' }, below, { now: later(2), list: lenient });
    const locked = lock.reduce(account.evolve, below);
    deepEqual(when({ type: 'CheckOverdraft' }, locked, { now: later(1), list: lenient }), []);
  });
  it('unlocks when the plan comes to allow it', () => {
    const locked = charged(state, 1).reduce(account.evolve, state);
    const unlocked = when({ type: 'CheckOverdraft' }, locked, { list: lenient });
    deepEqual(types(unlocked), ['OverdraftEnded', 'AccountUnlocked']);
  });
  it('stays locked while another reason is left', () => {
    const locked = having(charged(state, 1).reduce(account.evolve, state), {
      type: 'SuspectFraud',
      reason: 'x',
    });
    deepEqual(locked.lockReasons, ['overdraft', 'fraud']);
    deepEqual(having(locked, entering('TopUp', 1)).lockReasons, ['fraud']);
  });
});

describe('whatever happens to an account', () => {
  const step = fc.oneof(
    fc.integer({ min: 1, max: 900 }).map((amount) => entering('TopUp', amount)),
    fc.integer({ min: -900, max: 900 }).map((amount) => entering('Correct', amount, { note: 'n' })),
    fc.record({ amount: fc.integer({ min: 1, max: 900 }), days: fc.integer({ min: 1, max: 9 }) }).map(
      ({ amount, days }) =>
        (day: number) =>
          entering('GiveCredit', amount, { cause: `credit/${day}`, expiresAt: later(day + days) }),
    ),
    fc.integer({ min: 1, max: 900 }).map((amount) => (_: number, { balance, credits }: Account) => {
      const most = refundable(balance, credits);
      return most > 0 ? entering('Refund', Math.min(amount, most)) : ({ type: 'CheckOverdraft' } as const);
    }),
    fc.constantFrom<AccountCommand>(
      { type: 'SuspectFraud', reason: 'r' },
      { type: 'ClearFraud', reason: 'r' },
      { type: 'ExpireCredits' },
      { type: 'CheckOverdraft' },
      { ...tenant, suspended: true },
      tenant,
    ),
    fc.integer({ min: 1, max: 900 }),
  );
  const every = (check: (state: Account, events: AccountEvent[]) => void) =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const start = given(opened, assigned);
        let state = start;
        const all: AccountEvent[] = [];
        for (const [index, one] of steps.entries()) {
          const at = later(index / 3);
          const command = typeof one === 'function' ? one(index / 3, state) : one;
          const events =
            typeof command === 'number' ? charged(state, command) : when(command, state, { now: at });
          state = events.reduce(account.evolve, state);
          all.push(...events);
          check(state, all);
        }
      }),
    );

  it('the sum of the entries is the balance, and each says the balance after it', () => {
    every((state, events) => {
      let sum = 0;
      for (const { data } of events) {
        if (!('entryId' in data)) continue;
        sum += data.amount;
        equal(data.balance, sum);
      }
      equal(state.balance, sum);
    });
  });
  it('it is locked if and only if there are reasons', () => {
    every((state, events) => {
      const told = events.findLast(({ type }) => type === 'AccountLocked' || type === 'AccountUnlocked');
      equal(told?.type === 'AccountLocked', state.lockReasons.length > 0);
      deepEqual(reasonsOf(state, { prices, now: later(20) }), state.lockReasons);
    });
  });
  it('credits never exceed the balance', () => {
    every(({ credits, balance }) => {
      const left = credits.reduce((sum, { remaining }) => sum + remaining, 0);
      equal(left <= Math.max(balance, 0), true);
    });
  });
});
