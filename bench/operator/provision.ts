import type { Cell } from '../../operator/api/cell.ts';
import { conditionIn } from '../../operator/api/lookups.ts';
import type { Subscription } from '../../operator/api/subscription.ts';
import type { Tenant } from '../../operator/api/tenant.ts';
import { atMost } from '../../operator/engine/at-most.ts';
import { createObject } from '../../operator/engine/verbs.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { CONTEXTS, subscription, tenant } from './objects.ts';
import type { OperatorProcess } from './operator-process.ts';
import type { Stage } from './stage.ts';
import { untilAll } from './until-all.ts';
import { countWrites, totalOf, writesBetween } from './writes.ts';

/** Writing them is not what is measured, and must not be what is waited for. */
const WRITTEN_AT_ONCE = 16;

export type Provisioned = {
  /** From the first tenant that was written until every object of every tenant had been applied. */
  readonly appliedSeconds: number;
  /** Until every tenant and every subscription was ready. */
  readonly readySeconds: number;
  /** Of all cores, from the first tenant until all were ready. */
  readonly operatorCpuSeconds: number;
  readonly apiServerCpuSeconds: number;
  /** Of everybody, as the API server counts them. */
  readonly writes: number;
};

/** Writes tenants and their subscriptions, as `kubectl apply` of one large file would, and waits for the operator. */
export const provision = async (
  { cluster: { client, plane }, views, names }: Pick<Stage, 'cluster' | 'views' | 'names'>,
  { process }: OperatorProcess,
): Promise<Provisioned> => {
  const count = names.length;
  const used = () => cpuOf({ operator: process.pid(), apiServer: plane.apiServer.pid() });
  const before = await used();
  const writesBefore = await countWrites(client);
  const since = performance.now();
  const secondsUntil = (at: number) => (at - since) / 1_000;
  const writing = atMost(WRITTEN_AT_ONCE, names, async (name) => {
    await createObject(client, tenant(name));
    await createObject(client, subscription(name));
  });
  const [applied, tenantsReady, subscriptionsReady] = await Promise.all([
    untilAll(views.cells, { count, isDone: isApplied }),
    untilAll(views.tenants, { count, isDone: isReady }),
    untilAll(views.subscriptions, { count, isDone: isReady }),
    writing,
  ]);
  const after = await used();
  const writes = totalOf(writesBetween(writesBefore, await countWrites(client)));
  return {
    appliedSeconds: secondsUntil(applied),
    readySeconds: secondsUntil(Math.max(tenantsReady, subscriptionsReady)),
    operatorCpuSeconds: after.operator - before.operator,
    apiServerCpuSeconds: after.apiServer - before.apiServer,
    writes,
  };
};

const cpuOf = async (pids: { operator: number | undefined; apiServer: number }) => ({
  operator: await cpuSeconds(pids.operator ?? 0),
  apiServer: await cpuSeconds(pids.apiServer),
});

/** A cell's status names its contexts when all of its children have been applied, not before. */
const isApplied = ({ status }: Cell): boolean => status?.contexts?.length === CONTEXTS.length;

const isReady = (object: Tenant | Subscription): boolean => conditionIn(object, 'Ready')?.status === 'True';
