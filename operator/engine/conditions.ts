import type { Condition, StatedCondition } from './condition.ts';

export type Settling = {
  /** As the status has them now. */
  readonly before: readonly Condition[];
  /** Of the parent, which the conditions are about. */
  readonly generation: number | undefined;
  readonly now: Date;
};

/** RFC 3339 in seconds, as Kubernetes' Time. */
export const timeOf = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

/** What was stated, as a status has it: the time of transition is kept while the condition's status stays the same. */
export const settle = (
  stated: readonly StatedCondition[],
  { before, generation, now }: Settling,
): readonly Condition[] =>
  stated.map(({ type, status, reason, message }) => {
    const former = before.find((condition) => condition.type === type);
    const isSame = former?.status === status && former.lastTransitionTime !== undefined;
    return {
      type,
      status,
      reason,
      message,
      ...(generation !== undefined && { observedGeneration: generation }),
      lastTransitionTime: isSame ? (former.lastTransitionTime ?? '') : timeOf(now),
    };
  });

/** The conditions with this one in place of the one of its type, or at the end. */
export const withCondition = (
  conditions: readonly StatedCondition[],
  stated: StatedCondition,
): readonly StatedCondition[] =>
  conditions.some(({ type }) => type === stated.type)
    ? conditions.map((condition) => (condition.type === stated.type ? stated : condition))
    : [...conditions, stated];

/** Those that say something new. One that appears and knows nothing yet does not. */
export const changedReasons = (
  before: readonly Condition[],
  after: readonly Condition[],
): readonly Condition[] =>
  after.filter(({ type, status, reason }) => {
    const former = before.find((condition) => condition.type === type);
    return former === undefined ? status !== 'Unknown' : former.reason !== reason || former.status !== status;
  });
