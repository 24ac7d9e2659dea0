import type { Condition } from './condition.ts';
import type { KubeObject } from './kube-object.ts';

/** Of a parent, as the engine reads and writes it. */
export type Status = Readonly<Record<string, unknown>> & {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
};

export const statusOf = (parent: KubeObject): Status =>
  (parent as KubeObject & { status?: Status }).status ?? {};

export const conditionsOf = (parent: KubeObject): readonly Condition[] => statusOf(parent).conditions ?? [];
