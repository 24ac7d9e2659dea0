import type { Check } from '../api/fault.ts';
import { misfitsOf, readingsOf } from './readings.ts';
import { isUndecided } from './schema/misfit.ts';
import { type MapInput, titleOf } from './version.ts';
import { decidedText, nextVersionOf, undecidedText } from './words.ts';

/** What the candidate reads is not what an upstream publishes. */
export const schemaDoesNotFit: Check<MapInput> = ({ candidate, beside }) => {
  for (const reading of readingsOf(candidate, [candidate, ...beside])) {
    const { producer, type } = reading;
    const found = misfitsOf(reading).filter((misfit) => !isUndecided(misfit));
    if (found.length === 0) continue;
    return {
      reason: 'SchemaIncompatible',
      message: `${titleOf(candidate)} could not read every ${type} of ${titleOf(producer)}: ${decidedText(found)}. Read it as it is published, or have ${producer.name} publish ${nextVersionOf(type)} beside it`,
    };
  }
  return undefined;
};

/** Whether the candidate can read what an upstream publishes is beyond what can be proven. */
export const fitIsUndecided: Check<MapInput> = ({ candidate, beside }) => {
  for (const reading of readingsOf(candidate, [candidate, ...beside])) {
    const found = misfitsOf(reading);
    if (!found.some(isUndecided)) continue;
    return {
      reason: 'SchemaUndecided',
      message: `whether ${titleOf(candidate)} can read every ${reading.type} of ${titleOf(reading.producer)} cannot be decided: ${undecidedText(found)}. In reads, write it exactly as it is published, or leave it out and check it in the reaction`,
    };
  }
  return undefined;
};
