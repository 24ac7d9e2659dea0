import type { KubeObject } from '../engine/kube-object.ts';
import { GOOD_RELEASE, REFUSED_RELEASE, RELEASE, SECRET_HASH } from './names.ts';
import { parseRelease, type Release } from './release.ts';

/** What is there of a context: what its Deployment remembers and how it fares. */
export type Running = {
  readonly release: Release;
  /** The last release that became ready. */
  readonly good: Release | undefined;
  /** The release that did not become ready and was taken back. */
  readonly refused: Release | undefined;
  readonly secretHash: string;
  readonly replicas: number;
  readonly available: number;
  /** Every pod is of the current template. */
  readonly isUpToDate: boolean;
  /** The current template had its time to become ready, in vain. */
  readonly hasFailed: boolean;
};

export type ObservedDeployment = KubeObject & {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
    }[];
  };
};

/** Undefined when there is no Deployment, or none that says what it runs. */
export const runningIn = (deployment: ObservedDeployment | undefined): Running | undefined => {
  const { annotations, generation = 0 } = deployment?.metadata ?? {};
  const release = parseRelease(annotations?.[RELEASE]);
  if (deployment === undefined || release === undefined) return undefined;
  const { spec, status } = deployment;
  const replicas = spec?.replicas ?? 1;
  // What the status says of an earlier generation is about an earlier template.
  const isObserved = (status?.observedGeneration ?? -1) >= generation;
  return {
    release,
    good: parseRelease(annotations?.[GOOD_RELEASE]),
    refused: parseRelease(annotations?.[REFUSED_RELEASE]),
    secretHash: spec?.template?.metadata?.annotations?.[SECRET_HASH] ?? '',
    replicas,
    available: status?.availableReplicas ?? 0,
    isUpToDate: isObserved && hasOnlyNewPods(status, replicas),
    hasFailed: isObserved && hasRunOutOfTime(status),
  };
};

type Status = ObservedDeployment['status'];

const hasOnlyNewPods = (status: Status, replicas: number): boolean =>
  status?.replicas === status?.updatedReplicas && (status?.updatedReplicas ?? 0) >= Math.min(replicas, 1);

const hasRunOutOfTime = (status: Status): boolean =>
  status?.conditions?.some(
    ({ type, status, reason }) =>
      type === 'Progressing' && status === 'False' && reason === 'ProgressDeadlineExceeded',
  ) ?? false;
