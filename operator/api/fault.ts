import type { StatedCondition } from '../engine/condition.ts';

/** Why something cannot be: a reason for machines, and a sentence with the remedy. */
export type Fault = { readonly reason: string; readonly message: string };

/** Named after the fault that it finds: `planIsMissing`. */
export type Check<Input> = (input: Input) => Fault | undefined;

export const firstFailure = <Input>(checks: readonly Check<Input>[], input: Input): Fault | undefined => {
  for (const check of checks) {
    const fault = check(input);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

/** The condition that is true with `fine` unless there is a fault. */
export const conditionOf = (type: string, fault: Fault | undefined, fine: Fault): StatedCondition =>
  fault === undefined ? { type, status: 'True', ...fine } : { type, status: 'False', ...fault };
