import type { Check } from '../api/fault.ts';
import { relationOf } from './relations.ts';
import { type MapInput, titleOf } from './version.ts';

/** Relations in which one side leads: the upstream goes its way whatever becomes of the downstream. */
const LED: readonly string[] = ['CustomerSupplier', 'Conformist'];

/** Each declares that the other leads. */
export const bothFollow: Check<MapInput> = ({ candidate, declared }) => {
  for (const { context, relation } of candidate.spec.upstreams) {
    const other = declared.find(({ name }) => name === context);
    if (!LED.includes(relation) || other === undefined || relationOf(other, candidate.name) !== relation)
      continue;
    return {
      reason: 'NobodyLeads',
      message: `${titleOf(candidate)} and ${titleOf(other)} each declare the other ${relation}, a relation in which one side leads. Declare Partnership on both sides if they plan together, or another relation on one`,
    };
  }
  return undefined;
};
