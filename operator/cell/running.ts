import type { KubeObject } from '../engine/kube-object.ts';
import { PROVEN_RELEASE, REFUSED_RELEASE, RELEASE, RELEASE_BEFORE, SECRET_HASH } from './names.ts';
import { isSameProgram, parseRelease, type Release } from './release.ts';

/** What is there of a context: what its Deployment remembers and how it fares. */
export type Running = {
  readonly release: Release;
  /** The last release that became ready: this one, or the one before. */
  readonly good: Release | undefined;
  /** The last that had become ready when the pods changed last. */
  readonly before: Release | undefined;
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
export const runningIn = (
  deployment: ObservedDeployment | undefined,
  service: KubeObject | undefined,
): Running | undefined => {
  const memory = memoryOf(deployment, service);
  if (deployment === undefined || memory === undefined) return undefined;
  const { metadata, spec, status } = deployment;
  const replicas = spec?.replicas ?? 1;
  // What the status says of an earlier generation is about an earlier template.
  const isObserved = (status?.observedGeneration ?? -1) >= (metadata.generation ?? 0);
  return {
    ...memory,
    secretHash: spec?.template?.metadata?.annotations?.[SECRET_HASH] ?? '',
    replicas,
    available: status?.availableReplicas ?? 0,
    isUpToDate: isObserved && hasOnlyNewPods(status, replicas),
    hasFailed: isObserved && hasRunOutOfTime(status),
  };
};

type Memory = Pick<Running, 'release' | 'good' | 'before' | 'refused'>;

const memoryOf = (
  deployment: KubeObject | undefined,
  service: KubeObject | undefined,
): Memory | undefined => {
  const noted = (object: KubeObject | undefined, annotation: string) =>
    parseRelease(object?.metadata.annotations?.[annotation]);
  const release = noted(deployment, RELEASE);
  if (release === undefined) return undefined;
  const before = noted(deployment, RELEASE_BEFORE);
  const proven = noted(service, PROVEN_RELEASE);
  const good = proven !== undefined && isSameProgram(proven, release) ? release : before;
  return { release, good, before, refused: noted(deployment, REFUSED_RELEASE) };
};

type Status = ObservedDeployment['status'];

const hasOnlyNewPods = (status: Status, replicas: number): boolean =>
  status?.replicas === status?.updatedReplicas && (status?.updatedReplicas ?? 0) >= Math.min(replicas, 1);

const hasRunOutOfTime = (status: Status): boolean =>
  status?.conditions?.some(
    ({ type, status, reason }) =>
      type === 'Progressing' && status === 'False' && reason === 'ProgressDeadlineExceeded',
  ) ?? false;
