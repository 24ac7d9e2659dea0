import type { KubeClient } from '../../operator/engine/kube-client.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import type { Resource } from '../../operator/engine/resource.ts';
import { listPage, type Page } from '../../operator/engine/verbs.ts';

const PODS: Resource = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };

/** The operator labels the pods of contexts with these. */
const CONTEXT = 'cadastre.dev/context';
const CELL = 'cadastre.dev/cell';
const ADMIN_PORT = 9_090;

export type Pod = KubeObject & {
  readonly spec?: {
    readonly containers: readonly {
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
    }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
};

/** Where a context in a cell can be asked: one of its pods, all of which answer from the same database. */
export type ContextPod = {
  readonly context: string;
  readonly cell: string;
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
};

export const contextPods = async (client: KubeClient): Promise<ContextPod[]> => {
  const pods: Pod[] = [];
  for (let from: string | undefined = ''; from !== undefined; ) {
    const page: Page<Pod> = await listPage<Pod>(client, {
      resource: PODS,
      labelSelector: `${CONTEXT},${CELL}`,
      limit: 500,
      ...(from !== '' && { continue: from }),
    });
    pods.push(...page.items);
    from = page.continue;
  }
  return onePodEach(pods);
};

/** Of each context in each cell the pod that is likeliest to answer, sorted by cell and context. */
export const onePodEach = (pods: readonly Pod[]): ContextPod[] => {
  const running = pods.filter(
    ({ metadata, status }) => status?.phase === 'Running' && metadata.deletionTimestamp === undefined,
  );
  const readyLast = running.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
  const chosen = new Map(readyLast.map(toContextPod).map((one) => [`${one.cell}/${one.context}`, one]));
  return [...chosen].sort(([a], [b]) => a.localeCompare(b)).map(([, one]) => one);
};

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

const toContextPod = ({ metadata: { name, namespace = '', labels = {} }, spec }: Pod): ContextPod => ({
  context: labels[CONTEXT] ?? '',
  cell: labels[CELL] ?? '',
  namespace,
  pod: name,
  port:
    spec?.containers.flatMap(({ ports = [] }) => ports).find((one) => one.name === 'admin')?.containerPort ??
    ADMIN_PORT,
});
