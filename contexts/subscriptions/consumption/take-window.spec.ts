import { deepEqual, equal, throws } from 'node:assert/strict';
import fc from 'fast-check';
import { type Simulated, simulate } from '../../../kit/context/simulate.ts';
import { platform } from '../../../operator/events/language.ts';
import { cloud } from '../../cloud/contract.ts';
import { accountKey } from '../account/account.ts';
import { subscriptions } from '../context.ts';
import { aPrice } from '../testing/prices.ts';
import { consumption, tally } from './consumption.ts';
import type { UsageWindow } from './take-window.ts';

const FROM = '2026-01-10T10:00:00.000Z';
const aWindow = (overrides: Partial<UsageWindow> = {}): UsageWindow => {
  const from = overrides.from ?? FROM;
  return { windowId: 'w1', meter: 'requests', units: 60, from, to: from, ...overrides };
};
const usage = (window: UsageWindow) => ({
  type: cloud.events.UsageRecorded.type,
  subject: 'usage/2026-01-10',
  data: { ...window, keys: [] },
});
const tell = (type: string, subject: string, data: object) => ({ type, subject, data });

const subscribed = (): Simulated => {
  const context = simulate(subscriptions);
  const { PlanChanged, TenantProvisioned, SubscriptionChanged } = platform.events;
  const quotas = { requestsPerSecond: 1, replicas: 1, cpu: '1', memory: '1', storage: '1' };
  const overdraft = { amount: 50, grace: 'P0D' };
  const plan = { plan: 'starter', contexts: [], isolation: 'Pooled', quotas, prices: aPrice(), overdraft };
  const tenant = { tenantId: 't', name: 't', displayName: 'Acme', owner: 'o', suspended: false };
  context.receive(tell(PlanChanged.type, 'plan/starter', { ...plan, withdrawn: false }));
  context.receive(tell(TenantProvisioned.type, 'tenant/t', { ...tenant, cell: 'c', endpoints: {} }));
  context.receive(
    tell(SubscriptionChanged.type, 'subscription/s1', {
      subscriptionId: 's1',
      name: 'main',
      tenantName: 't',
      plan: 'starter',
      state: 'Active',
    }),
  );
  return context;
};
const take = (context: Simulated, ...windows: UsageWindow[]) =>
  windows.flatMap((window) => context.receive(usage(window)));

describe('taking usage windows', () => {
  it('counts by day and month and charges nothing that is included', () => {
    const context = subscribed();
    take(context, aWindow());
    equal(context.stateOf(consumption.key('2026-01-10/requests')).units, 60);
    deepEqual(context.stateOf(tally.key('2026-01')).used, {
      starter: { requests: { units: 60, charged: 0 } },
    });
    equal(context.stateOf(accountKey()).entries, 0);
  });
  it('charges what is beyond, with the window as cause', () => {
    const context = subscribed();
    take(context, aWindow(), aWindow({ windowId: 'w2' }));
    const { balance, openCharges } = context.stateOf(accountKey());
    equal(balance, -40);
    deepEqual(openCharges, [
      {
        period: '2026-01',
        month: '2026-01',
        plan: 'starter',
        meter: 'requests',
        units: 20,
        unitPrice: 2,
        amount: 40,
      },
    ]);
  });
  it('counts a window once', () => {
    const context = subscribed();
    take(context, aWindow({ units: 110 }), aWindow({ units: 110 }));
    equal(context.stateOf(accountKey()).balance, -20);
  });
  it('tells one event about the account when it is overdrawn', () => {
    const context = subscribed();
    const told = take(context, aWindow({ units: 200 }), aWindow({ windowId: 'w2', units: 5 }));
    deepEqual(
      told.map(({ type }) => type),
      ['subscriptions.account-locked.v1'],
    );
  });
  it('refuses what is more than a day in the future', () => {
    const to = new Date(Date.now() + 25 * 3_600_000).toISOString();
    throws(() => take(subscribed(), aWindow({ to })), { code: 'window-in-future' });
  });
  it('books what comes after the invoice of its month into the next', () => {
    const context = subscribed();
    const { openedAt } = context.stateOf(accountKey());
    equal(openedAt, '2026-01-01T00:00:00.000Z');
    context.execute({
      keys: { account: accountKey() },
      decide: () => ({
        account: [{ type: 'MonthInvoiced' as const, data: { month: '2026-01', isPaid: true } }],
      }),
    });
    take(context, aWindow({ units: 101 }));
    const { period, month } = context.stateOf(accountKey()).openCharges[0] ?? {};
    deepEqual([period, month], ['2026-02', '2026-01']);
  });
  it('charges the same in whatever order, and however often, windows come', () => {
    const window = fc.record({
      windowId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
      meter: fc.constantFrom('requests', 'bytes'),
      units: fc.integer({ min: 1, max: 90 }),
      day: fc.integer({ min: 1, max: 28 }),
    });
    const windows = fc.uniqueArray(window, { selector: ({ windowId }) => windowId, maxLength: 7 });
    const orders = windows.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
    );
    const totals = (all: readonly { windowId: string; meter: string; units: number; day: number }[]) => {
      const context = subscribed();
      for (const { day, ...rest } of all) {
        take(context, aWindow({ ...rest, from: new Date(Date.UTC(2026, 0, day)).toISOString() }));
      }
      const { balance, openCharges } = context.stateOf(accountKey());
      return { balance, openCharges, tally: context.stateOf(tally.key('2026-01')) };
    };
    fc.assert(
      fc.property(orders, ([once, twice]) => deepEqual(totals(twice), totals(once))),
      { numRuns: 60 },
    );
  });
});
