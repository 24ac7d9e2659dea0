import type { Check } from '../api/fault.ts';
import { relationOf } from './relations.ts';
import { type MapInput, titleOf } from './version.ts';

/** By what both declare now, released or not: each waiting for the other's release would wait for ever. */
export const partnershipIsOneSided: Check<MapInput> = ({ candidate, declared }) => {
  for (const { context, relation } of candidate.spec.upstreams) {
    const other = declared.find(({ name }) => name === context);
    if (relation !== 'Partnership' || other === undefined) continue;
    const answer = relationOf(other, candidate.name);
    if (answer === 'Partnership') continue;
    const says = answer === undefined ? `does not list ${candidate.name}` : `declares it ${answer}`;
    return {
      reason: 'PartnershipOneSided',
      message: `${titleOf(candidate)} declares a Partnership with ${context}, which ${says} among its upstreams. Declare Partnership on both sides, or another relation here`,
    };
  }
  return undefined;
};
