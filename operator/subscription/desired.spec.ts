import assert from 'node:assert/strict';
import type { Subscription } from '../api/subscription.ts';
import { tenantIdOf } from '../api/tenant.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import type { Standing } from '../events/account.ts';
import type { News } from '../events/news.ts';
import type { PlanChange } from '../events/plan-change.ts';
import {
  aCondition,
  aContext,
  aPlan,
  aRunningCell,
  aSubscription,
  aTenant,
  LEAVING,
} from '../tenant/testing/objects.ts';
import { aWorld } from '../tenant/testing/world.ts';
import { desired, finalize } from './desired.ts';
import { observeWith } from './observe.ts';

const acme = aTenant('acme', { status: { cell: 'pool-1' } });
const starter = aPlan('starter', { contexts: ['ordering'] });
const extra = aPlan('extra', { contexts: ['shipping'] });
const gold = aPlan('gold', { isolation: 'Dedicated' });
const cell = aRunningCell('pool-1', [{ name: 'acme', id: tenantIdOf(acme) }], { contexts: ['ordering'] });
const landscape = [acme, starter, extra, gold, cell];

type Heard = { standing?: Standing; change?: PlanChange };
const saying = ({ standing, change }: Heard): News => ({
  standingOf: async () => standing,
  planChangeOf: async () => change,
  listen: () => () => undefined,
  answer: async () => undefined,
});

type Given = { among?: readonly KubeObject[]; heard?: Heard };

const given = async (subscription: Subscription, { among = landscape, heard = {} }: Given = {}) => {
  const observed = await observeWith(saying(heard))(subscription, aWorld(subscription, ...among));
  const { conditions, status, effects = [] } = desired(subscription, observed);
  const told = (type: string) => {
    const found = conditions.find((one) => one.type === type);
    return found && [found.status, found.reason];
  };
  const message = (type: string) => conditions.find((one) => one.type === type)?.message ?? '';
  const [fact] = effects.flatMap((effect) => (effect.type === 'PublishFact' ? effect.fact : []));
  const event = fact?.event.type === 'SubscriptionChanged' ? fact.event.data : undefined;
  const answers = effects.flatMap((effect) => (effect.type === 'AnswerPlanChange' ? effect : []));
  return { told, message, status, fact, event, answers, observed };
};

const without = (...gone: readonly KubeObject[]) => landscape.filter((one) => !gone.includes(one));

describe('a subscription', () => {
  describe('whose cell runs the contexts of its plan', () => {
    it('is ready and told as active, under the tenant’s permanent id', async () => {
      const { told, status, fact, event } = await given(aSubscription());
      assert.deepEqual(told('Ready'), ['True', 'Running']);
      assert.deepEqual(status, { cell: 'pool-1' });
      assert.equal(fact?.tenant, tenantIdOf(acme));
      assert.deepEqual([event?.state, event?.plan, event?.cell], ['Active', 'starter', 'pool-1']);
    });
    it('does not wait for contexts that run once for the landscape', async () => {
      const withCloud = aPlan('starter', { contexts: ['ordering', 'cloud'] });
      const among = [...without(starter), withCloud, aContext('cloud', { scope: 'Platform' })];
      assert.deepEqual((await given(aSubscription(), { among })).told('Ready'), ['True', 'Running']);
    });
  });

  describe('that waits', () => {
    it('says that there is no such tenant', async () => {
      const { told, message, fact } = await given(aSubscription(), { among: without(acme) });
      assert.deepEqual(told('Ready'), ['False', 'TenantMissing']);
      assert.match(message('Ready'), /no Tenant acme: apply it/);
      assert.equal(fact, undefined);
    });
    it('says that there is no such plan', async () => {
      const { told, event } = await given(aSubscription(), { among: without(starter) });
      assert.deepEqual(told('Ready'), ['False', 'PlanMissing']);
      assert.deepEqual([event?.state, event?.reason], ['Waiting', 'PlanMissing']);
    });
    it('says why the tenant has no cell', async () => {
      const taken = aCondition('Placed', 'False', 'the Cell acme is another’s');
      const tenant = aTenant('acme', { status: { conditions: [taken] } });
      const { told, message } = await given(aSubscription(), { among: [...without(acme), tenant] });
      assert.deepEqual(told('Ready'), ['False', 'TenantNotPlaced']);
      assert.match(message('Ready'), /is another’s/);
    });
    it('is active while the cell takes its contexts up, which it names', async () => {
      const { told, message, event } = await given(aSubscription('acme-extra', { plan: 'extra' }));
      assert.deepEqual(told('Ready'), ['False', 'ContextsNotReady']);
      assert.match(message('Ready'), /does not run shipping/);
      assert.equal(event?.state, 'Active');
    });
    it('says what is wrong with the plan', async () => {
      const broken = aPlan('starter', { conditions: [aCondition('Ready', 'False', 'no BoundedContext x')] });
      const { told } = await given(aSubscription(), { among: [...without(starter), broken] });
      assert.deepEqual(told('Ready'), ['False', 'PlanNotReady']);
    });
  });

  describe('whose tenant was deleted', () => {
    it('is left, says so, and remembers where it ran', async () => {
      const subscription = aSubscription('acme-starter', { status: { cell: 'pool-1' } });
      const { told, status } = await given(subscription, { among: without(acme) });
      assert.deepEqual([told('Ready'), status], [['False', 'TenantDeleted'], { cell: 'pool-1' }]);
    });
    it('has ended as soon as the tenant is on its way out', async () => {
      const going = aTenant('acme', { metadata: LEAVING, status: { cell: 'pool-1' } });
      const { told, event } = await given(aSubscription(), { among: [...without(acme), going] });
      assert.deepEqual([told('Ready'), event?.state], [['False', 'TenantDeleted'], 'Ended']);
    });
  });

  describe('that is refused', () => {
    const at = (time: string) => ({ creationTimestamp: `2026-01-01T00:00:0${time}Z` });
    const older = aSubscription('zeta', { metadata: at('1') });
    const younger = aSubscription('alpha', { metadata: at('2') });
    it('has an older twin', async () => {
      const { told, message, event } = await given(younger, { among: [...landscape, older] });
      assert.deepEqual(told('Ready'), ['False', 'DuplicatePlan']);
      assert.match(message('Ready'), /by zeta already/);
      assert.deepEqual([event?.state, event?.reason], ['Refused', 'DuplicatePlan']);
      assert.deepEqual((await given(older, { among: [...landscape, younger] })).told('Ready'), [
        'True',
        'Running',
      ]);
    });
    it('has a twin of the same second that comes first by name', async () => {
      const twin = aSubscription('alpha', { metadata: at('1') });
      assert.equal((await given(older, { among: [...landscape, twin] })).told('Ready')?.[1], 'DuplicatePlan');
      assert.equal((await given(twin, { among: [...landscape, older] })).told('Ready')?.[1], 'Running');
    });
    it('takes effect when the older twin goes', async () => {
      const going = aSubscription('zeta', { metadata: { ...at('1'), ...LEAVING } });
      assert.equal((await given(younger, { among: [...landscape, going] })).told('Ready')?.[1], 'Running');
    });
    it('would move the tenant', async () => {
      const { told, message } = await given(aSubscription('acme-gold', { plan: 'gold' }));
      assert.deepEqual(told('Ready'), ['False', 'MoveNotSupported']);
      assert.match(message('Ready'), /gold needs a dedicated cell, and acme lives in pool-1/);
    });
    it('would move the tenant out of a cell of its own', async () => {
      const own = aTenant('acme', { status: { cell: 'acme' } });
      const { told } = await given(aSubscription(), { among: [...without(acme), own] });
      assert.deepEqual(told('Ready'), ['False', 'MoveNotSupported']);
    });
  });

  describe('that is suspended, or whose tenant is', () => {
    it('is not ready and told as suspended', async () => {
      const { told, event } = await given(aSubscription('acme-starter', { suspended: true }));
      assert.deepEqual([told('Ready'), event?.state], [['False', 'Suspended'], 'Suspended']);
      const tenant = aTenant('acme', { suspended: true, status: { cell: 'pool-1' } });
      const other = await given(aSubscription(), { among: [...without(acme), tenant] });
      assert.deepEqual(
        [other.told('Ready'), other.event?.state],
        [['False', 'TenantSuspended'], 'Suspended'],
      );
    });
  });

  describe('when it is deleted', () => {
    it('is told to have ended', async () => {
      const subscription = aSubscription('acme-starter', { metadata: LEAVING });
      const { observed } = await given(subscription);
      const [effect] = finalize(subscription, observed).effects ?? [];
      assert.ok(effect?.type === 'PublishFact' && effect.fact.event.type === 'SubscriptionChanged');
      assert.equal(effect.fact.event.data.state, 'Ended');
    });
  });

  describe('its standing', () => {
    it('is unknown until someone speaks', async () => {
      assert.deepEqual((await given(aSubscription())).told('Standing'), ['Unknown', 'NothingHeard']);
    });
    it('follows the account and is no part of Ready', async () => {
      const locked = { standing: { locked: true, reasons: ['overdrawn'] } };
      const { told, message } = await given(aSubscription(), { heard: locked });
      assert.deepEqual(
        [told('Standing'), told('Ready')],
        [
          ['False', 'AccountLocked'],
          ['True', 'Running'],
        ],
      );
      assert.match(message('Standing'), /overdrawn/);
      const unlocked = { standing: { locked: false, reasons: [] } };
      assert.deepEqual((await given(aSubscription(), { heard: unlocked })).told('Standing'), [
        'True',
        'AccountUnlocked',
      ]);
    });
  });

  describe('when another plan is asked for', () => {
    const asking = (plan: string) => ({ heard: { change: { plan, request: 'event-1' } } });
    it('grants it', async () => {
      const { answers, told } = await given(aSubscription(), asking('extra'));
      assert.deepEqual(
        answers.map(({ plan, request, refusal }) => ({ plan, request, refusal })),
        [{ plan: 'extra', request: 'event-1', refusal: undefined }],
      );
      assert.equal(told('PlanChange'), undefined);
    });
    it('answers once', async () => {
      const change = { plan: 'extra', request: 'event-1', answer: {} };
      assert.deepEqual((await given(aSubscription(), { heard: { change } })).answers, []);
    });
    const refusals: [string, string, readonly KubeObject[]][] = [
      ['PlanMissing', 'absent', landscape],
      ['MoveNotSupported', 'gold', landscape],
      ['PlanWithdrawn', 'extra', [...without(extra), aPlan('extra', { metadata: LEAVING })]],
      ['PlanNotReady', 'extra', [...without(extra), aPlan('extra', { conditions: [] })]],
      ['DuplicatePlan', 'extra', [...landscape, aSubscription('acme-extra', { plan: 'extra' })]],
    ];
    for (const [reason, plan, among] of refusals) {
      it(`refuses it with ${reason} and tells the asker, and the plan stays`, async () => {
        const { answers, told, event } = await given(aSubscription(), { among, ...asking(plan) });
        assert.deepEqual(
          answers.map(({ refusal }) => refusal?.reason),
          [reason],
        );
        assert.deepEqual(told('PlanChange'), ['False', reason]);
        assert.deepEqual(event?.refusedChange, { plan, reason });
        assert.equal(event?.plan, 'starter');
      });
    }
    it('goes on saying that it was refused', async () => {
      const change = {
        plan: 'absent',
        request: 'event-1',
        answer: { refusal: { reason: 'PlanMissing', message: 'there is no Plan absent' } },
      };
      const { told, event } = await given(aSubscription(), { heard: { change } });
      assert.deepEqual(told('PlanChange'), ['False', 'PlanMissing']);
      assert.deepEqual(event?.refusedChange, { plan: 'absent', reason: 'PlanMissing' });
    });
  });
});
