import type { Check } from '../api/fault.ts';
import type { MapInput } from './version.ts';

/** Contexts take the word of one front door for who asks, and it must not depend on which of two they heard of first. */
export const frontDoorIsTaken: Check<MapInput> = ({ candidate, consumers }) => {
  if (candidate.spec.frontDoor !== true) return undefined;
  const other = consumers.find(({ name, spec }) => name !== candidate.name && spec.frontDoor === true);
  return other === undefined
    ? undefined
    : {
        reason: 'FrontDoorTaken',
        message: `${other.name} is the front door already: take frontDoor out of one of them`,
      };
};
