import type { Check } from '../api/fault.ts';
import type { Plan } from '../api/plan.ts';
import type { PlanObserved } from './observe.ts';

type PlanCheck = Check<{ readonly plan: Plan; readonly observed: PlanObserved }>;

const contextIsMissing: PlanCheck = ({ plan, observed }) => {
  const missing = plan.spec.contexts.filter((name) => !observed.contexts.has(name));
  if (missing.length === 0) return undefined;
  return {
    reason: 'ContextMissing',
    message: `there is no BoundedContext ${missing.join(', ')}: apply it, or take it out of the plan's contexts`,
  };
};

const contextIsNotReleased: PlanCheck = ({ plan, observed }) => {
  const isHeld = (name: string) => observed.contexts.get(name)?.status?.released === undefined;
  const held = plan.spec.contexts.filter(isHeld);
  if (held.length === 0) return undefined;
  return {
    reason: 'ContextNotReleased',
    message: `no version of ${held.join(', ')} fits the context map yet: see the conditions of that BoundedContext`,
  };
};

/** In the order in which someone would mend them. */
export const planChecks: readonly PlanCheck[] = [contextIsMissing, contextIsNotReleased];
