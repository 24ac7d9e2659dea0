import { ADMIN_PORT, CELL_LABEL, CONTEXT_LABEL } from '../../operator/cell/names.ts';
import { pods } from '../../operator/cell/resources.ts';
import type { KubeClient } from '../../operator/engine/kube-client.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { listPage, type Page } from '../../operator/engine/verbs.ts';

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
  const found: Pod[] = [];
  for (let from: string | undefined = ''; from !== undefined; ) {
    const page: Page<Pod> = await listPage<Pod>(client, {
      resource: pods,
      labelSelector: `${CONTEXT_LABEL},${CELL_LABEL}`,
      limit: 500,
      ...(from !== '' && { continue: from }),
    });
    found.push(...page.items);
    from = page.continue;
  }
  return onePodEach(found);
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
  context: labels[CONTEXT_LABEL] ?? '',
  cell: labels[CELL_LABEL] ?? '',
  namespace,
  pod: name,
  port:
    spec?.containers.flatMap(({ ports = [] }) => ports).find((one) => one.name === 'admin')?.containerPort ??
    ADMIN_PORT,
});
