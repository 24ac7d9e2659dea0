import { setTimeout as delay } from 'node:timers/promises';
import { resourceQuotas } from '../../operator/cell/resources.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { getObject } from '../../operator/engine/verbs.ts';
import { changeCell } from './change.ts';
import type { Cluster } from './cluster.ts';
import type { Views } from './views.ts';

const PER_SECOND = 20;
const SECONDS = 20;
/** The first have V8 compile what a change needs, and are not counted. */
const WARM_UP_SECONDS = 3;

/** Changes cells at a steady rate, however many are not applied yet. @returns milliseconds of each, from when it was due. */
export const measureChanges = async (
  cluster: Cluster,
  views: Views,
  names: readonly string[],
): Promise<number[]> => {
  const since = performance.now();
  const total = (WARM_UP_SECONDS + SECONDS) * PER_SECOND;
  const samples: Promise<number>[] = [];
  const said = new Map<string, string>();
  for (let begun = 0; begun < total; begun += 1) {
    const due = since + (begun * 1_000) / PER_SECOND;
    await delay(Math.max(0, due - performance.now()));
    const name = names[begun % names.length] ?? '';
    const storage = `${11 + begun}Gi`;
    said.set(name, storage);
    const sample = changeCell(cluster, views, { name, storage }).then(() => performance.now() - due);
    // Judged together below: one that fails before that is no unhandled rejection.
    sample.catch(() => undefined);
    samples.push(sample);
  }
  const measured = await Promise.all(samples);
  await Promise.all([...said].map(([name, storage]) => checkQuota(cluster, name, storage)));
  return measured.slice(WARM_UP_SECONDS * PER_SECOND);
};

type Quota = KubeObject & { readonly spec: { readonly hard: Readonly<Record<string, string>> } };

/** What the status says must be so. */
const checkQuota = async ({ client }: Cluster, name: string, storage: string): Promise<void> => {
  const key = `cadastre-${name}/quota`;
  const { spec } = await getObject<Quota>(client, { resource: resourceQuotas, key });
  const found = spec.hard['requests.storage'];
  if (found !== storage) throw new Error(`${key} has ${found} of storage, and the cell says ${storage}`);
};
