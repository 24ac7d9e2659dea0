import { conditionOf, firstFailure } from '../api/fault.ts';
import type { Plan } from '../api/plan.ts';
import type { Desired, Finalizing } from '../engine/controller.ts';
import { type PublishFact, planFact } from '../events/facts.ts';
import { planChecks } from './checks.ts';
import type { PlanObserved } from './observe.ts';

export const desired = (plan: Plan, observed: PlanObserved): Desired<PublishFact> => {
  const fault = firstFailure(planChecks, { plan, observed });
  const contexts = plan.spec.contexts.join(', ');
  const fine = { reason: 'Valid', message: `tenants can subscribe: the plan runs ${contexts}` };
  return {
    children: [],
    status: { subscriptions: observed.subscriptions.length },
    conditions: [conditionOf('Ready', fault, fine)],
    // What is not valid is not told: nobody could run it.
    effects: fault === undefined ? [changed(plan, false)] : [],
  };
};

/** Withdrawn at once, and gone when nobody is subscribed any more: their contexts would go with it. */
export const finalize = (plan: Plan, { inUse }: PlanObserved): Finalizing<PublishFact> => {
  const effects = [changed(plan, true)];
  if (inUse.length === 0) return { effects };
  const some = inUse.slice(0, 3).map(({ metadata }) => metadata.name);
  const more = inUse.length > some.length ? ` and ${inUse.length - some.length} more` : '';
  const message = `subscribed to it: ${some.join(', ')}${more}; delete these Subscriptions or give them another plan`;
  return { effects, waitingFor: { reason: 'PlanInUse', message } };
};

const changed = ({ metadata, spec }: Plan, withdrawn: boolean): PublishFact => {
  const { displayName, contexts, isolation, quotas, prices, overdraft } = spec;
  return planFact({
    type: 'PlanChanged',
    data: {
      plan: metadata.name,
      displayName,
      contexts: [...contexts],
      isolation,
      quotas,
      prices,
      overdraft,
      withdrawn,
    },
  });
};
