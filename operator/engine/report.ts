import type { StatedCondition } from './condition.ts';
import { changedReasons, settle, withCondition } from './conditions.ts';
import type { KubeObject } from './kube-object.ts';
import { ReconcileError } from './reconcile-error.ts';
import type { Round } from './round.ts';
import { conditionsOf, type Status, statusOf } from './status.ts';

export type Report = {
  /** Fields beside conditions and observedGeneration; as they are when absent. */
  readonly status?: Readonly<Record<string, unknown>>;
  readonly conditions: readonly StatedCondition[];
  /** That of the parent when absent. */
  readonly generation?: number | undefined;
};

/** Writes the status where it changes, and tells of conditions that say something new. */
export const report = async <P extends KubeObject, O, E>(
  round: Round<P, O, E>,
  { status, conditions, ...rest }: Report,
): Promise<void> => {
  const { parent, controller, recorder } = round;
  const before = conditionsOf(parent);
  const generation = 'generation' in rest ? rest.generation : parent.metadata.generation;
  const settled = settle(conditions, { before, generation, now: new Date() });
  const whole: Status = {
    ...(status ?? statusOf(parent)),
    ...(generation !== undefined && { observedGeneration: generation }),
    conditions: settled,
  };
  const object = await round.status.write(parent, whole);
  if (object === undefined) return;
  round.parent = object as P;
  round.written.push({ resource: controller.parent, object });
  for (const { status, reason, message } of changedReasons(before, settled)) {
    recorder.record(controller.parent, parent, {
      type: status === 'False' ? 'Warning' : 'Normal',
      reason,
      message,
    });
  }
};

/** Says that the parent is not ready, and nothing else of it that is not said already. */
export const reportNotReady = <P extends KubeObject, O, E>(
  round: Round<P, O, E>,
  { reason, message }: Pick<StatedCondition, 'reason' | 'message'>,
): Promise<void> => {
  const stated = { type: 'Ready', status: 'False', reason, message } as const;
  return report(round, { conditions: withCondition(conditionsOf(round.parent), stated) });
};

/** Says why a reconciliation failed. */
export const reportFailure = <P extends KubeObject, O, E>(
  round: Round<P, O, E>,
  error: unknown,
): Promise<void> => {
  if (error instanceof ReconcileError) return reportNotReady(round, error);
  const said = error instanceof Error ? error.message : String(error);
  const message = `${said.replace(/\.$/, '')}. It is tried again with growing pauses; mend what is named here.`;
  return reportNotReady(round, { reason: 'ReconcileFailed', message });
};
