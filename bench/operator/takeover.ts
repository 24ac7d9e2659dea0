import { setTimeout as delay } from 'node:timers/promises';
import { type Lease, leases } from '../../operator/engine/lease-record.ts';
import { getObject } from '../../operator/engine/verbs.ts';
import { changeCell } from './change.ts';
import { type Cluster, OPERATOR_NAMESPACE } from './cluster.ts';
import type { OperatorProcess } from './operator-process.ts';
import type { Views } from './views.ts';

const LOOK_MS = 50;
const LEASE = `${OPERATOR_NAMESPACE}/cadastre-operator`;

export type Takeover = {
  /** Until a change that was made after the kill was applied. */
  readonly seconds: number;
  /** Until the lease was another's. */
  readonly leaseSeconds: number;
};

/** Kills the leader while another stands by, and changes a cell at once. */
export const measureTakeover = async (
  cluster: Cluster,
  views: Views,
  { leader, cell }: { leader: OperatorProcess; cell: string },
): Promise<Takeover> => {
  const before = await holderOf(cluster);
  if (!leader.process.signal('SIGKILL')) throw new Error('the leader has gone before it was killed');
  const since = performance.now();
  const secondsNow = () => (performance.now() - since) / 1_000;
  const leaseTaken = async () => {
    while ((await holderOf(cluster)) === before) await delay(LOOK_MS);
    return secondsNow();
  };
  const changed = changeCell(cluster, views, { name: cell, storage: '7Gi' }).then(secondsNow);
  const [leaseSeconds, seconds] = await Promise.all([leaseTaken(), changed]);
  return { seconds, leaseSeconds };
};

const holderOf = async ({ client }: Cluster): Promise<string | undefined> =>
  (await getObject<Lease>(client, { resource: leases, key: LEASE })).spec?.holderIdentity;
