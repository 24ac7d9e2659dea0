import { deepEqual, throws } from 'node:assert/strict';
import { account } from '../account/account.ts';
import { aPrice, aPriceList } from '../testing/prices.ts';
import {
  type PlanChange,
  planChange,
  type RequestChange,
  refuse,
  requestChange,
  requestWhenDue,
} from './plan-change.ts';

const NOW = '2026-11-23T12:00:00.000Z';
const open = account.evolve(account.initialState(), {
  type: 'SubscriptionFollowed',
  data: { subscriptionId: 's1', name: 'main', plan: 'free', state: 'Active', since: NOW },
});
const asking = (
  wish: Partial<RequestChange> = {},
  states: Partial<Parameters<typeof requestChange>[1]> = {},
) =>
  requestChange(
    { subscriptionId: 's1', plan: 'starter', when: 'now', ...wish },
    { account: open, prices: aPriceList(), ...states },
    NOW,
  );
const given = (...events: Parameters<typeof planChange.evolve>[1][]): PlanChange =>
  events.reduce(planChange.evolve, planChange.initialState());

describe('asking for another plan', () => {
  it('tells the operator at once', () =>
    deepEqual(asking(), [
      { type: 'PlanChangeRequested', data: { subscriptionId: 's1', plan: 'starter', requestedAt: NOW } },
    ]));
  it('waits for the next month where that is wanted, and tells once', () => {
    const scheduled = given(...asking({ when: 'next-period' }));
    deepEqual([scheduled.status, scheduled.due], ['scheduled', '2026-12-01T00:00:00.000Z']);
    deepEqual(requestWhenDue(scheduled, '2026-11-30T23:59:59.000Z'), []);
    const [told, ...more] = requestWhenDue(scheduled, '2026-12-01T00:00:30.000Z');
    deepEqual([told?.type, more], ['PlanChangeRequested', []]);
    deepEqual(told && requestWhenDue(given(told), '2026-12-01T00:01:30.000Z'), []);
  });
  it('gives way to what is asked later', () => {
    const state = given(...asking({ when: 'next-period' }), ...asking({ plan: 'starter' }));
    deepEqual([state.status, state.due], ['requested', undefined]);
  });
  it('keeps why the operator refused, of what was asked last', () => {
    const state = given(...asking());
    const answer = { plan: 'starter', reason: 'QuotaExceeded' };
    deepEqual(given(...asking(), ...refuse(answer, state)).reason, 'QuotaExceeded');
    deepEqual(refuse({ ...answer, plan: 'gold' }, state), []);
    deepEqual(refuse(undefined, state), []);
  });

  const refused: [string, () => unknown, string][] = [
    ['a plan that nobody offers', () => asking({ plan: 'ghost' }), 'plan-not-offered'],
    ['a subscription of somebody else', () => asking({ subscriptionId: 's2' }), 'subscription-not-found'],
    ['a closed account', () => asking({}, { account: { ...open, status: 'closed' } }), 'account-closed'],
    [
      'a plan in another currency',
      () =>
        asking(
          {},
          { account: { ...open, currency: 'EUR' }, prices: aPriceList(aPrice({ currency: 'USD' })) },
        ),
      'plan-not-offered',
    ],
  ];
  for (const [what, ask, code] of refused) it(`refuses ${what}`, () => throws(ask, { code }));
});
