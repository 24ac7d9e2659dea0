/** A condition as Kubernetes' API conventions have it. */
export type Condition = {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  /** CamelCase, stable, for machines. */
  readonly reason: string;
  /** A sentence for people with the remedy; stable text, no timestamps. */
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
};

/** A condition as `desired` states it: the engine adds generation and time of transition. */
export type StatedCondition = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;
