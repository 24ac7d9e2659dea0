import { startServers } from '../../local/servers/start-servers.ts';
import { createObject } from '../../operator/engine/verbs.ts';
import type { Figure } from '../figure.ts';
import type { Bench } from '../ground.ts';
import { percentile } from '../percentile.ts';
import { objectsOf } from './bare-client.ts';
import { measureChanges } from './changes.ts';
import { OPERATOR_NAMESPACE, startCluster } from './cluster.ts';
import { compare } from './compare.ts';
import { markDeploymentsReady } from './deployments.ts';
import { highestMb, residentMb } from './memory.ts';
import { landscape, type Placed, tenantNames } from './objects.ts';
import { type OperatorProcess, startOperator } from './operator-process.ts';
import { type Provisioned, provision } from './provision.ts';
import { figure, OPERATOR_FIGURES, type Stage } from './stage.ts';
import { settle, steadyWrites } from './steady.ts';
import { measureTakeover } from './takeover.ts';
import { openViews } from './views.ts';

type Size = { readonly tenants: number; readonly workers: number | undefined };

/** One story: tenants come, change, rest; the operator restarts, and is killed. Then the client does it alone. */
export const operator = ({ tenants, workers }: Size): Bench => ({
  names: OPERATOR_FIGURES,
  run: async (ground) => {
    const ends: (() => Promise<void>)[] = [];
    const endAll = async () => {
      for (const end of ends.splice(0).reverse()) await end();
    };
    try {
      const servers = await startServers({ progress: ground.say, onExit: ground.say });
      ends.push(servers.stop);
      const cluster = await startCluster(ground.say);
      ends.push(cluster.stop);
      for (const one of landscape) await createObject(cluster.client, one);
      ends.push(await markDeploymentsReady(cluster));
      const { say, folder, nodeOptions } = ground;
      const start = async (name: string) => {
        const { mongodbUri, redisUrl } = servers;
        const { kubeconfigFile } = cluster.plane;
        const namespace = OPERATOR_NAMESPACE;
        const more = { name, folder, nodeOptions, say, workers };
        const started = await startOperator({ kubeconfigFile, mongodbUri, redisUrl, namespace, ...more });
        ends.push(started.stop);
        return started;
      };
      const views = await openViews(cluster);
      const stage = { say, cluster, views, start, names: tenantNames(tenants) };
      const { figures, provisioned, objects } = await withOperator(stage, servers);
      await endAll();
      return [...(await compare(ground, provisioned, { objects, tenants })), ...figures];
    } finally {
      await endAll();
    }
  },
});

type Story = {
  readonly figures: readonly Figure[];
  readonly provisioned: Provisioned;
  readonly objects: readonly Placed[];
};

const withOperator = async (
  stage: Stage,
  uris: { readonly mongodbUri: string; readonly redisUrl: string },
): Promise<Story> => {
  const { say, cluster, views, names, start } = stage;
  const first = await start('operator-1');
  await first.ready();
  await first.idle();
  say(`writing ${names.length} tenants`);
  const provisioned = await provision(stage, first);
  say(
    `applied in ${provisioned.appliedSeconds.toFixed(1)} s, ready in ${provisioned.readySeconds.toFixed(1)} s`,
  );
  const settled = await settle(stage);
  const change = await changed(stage);
  const steady = await steadyWrites(stage, first);
  const memory = await memoryOf(first, settled);
  const { mongodbUri, redisUrl } = uris;
  const objects = await objectsOf(cluster, views, {
    operatorNamespace: OPERATOR_NAMESPACE,
    mongodbUri,
    redisUrl,
  });
  await first.stop();
  const { second, restart } = await restarted(stage);
  const takeover = await tookOver(stage, second);
  return { figures: [change, steady, memory, restart, takeover], provisioned, objects };
};

const changed = async ({ say, cluster, views, names }: Stage): Promise<Figure> => {
  say('changing cells');
  const samples = await measureChanges(cluster, views, names);
  const p50 = percentile(samples, 0.5).toFixed(0);
  const max = Math.max(...samples).toFixed(0);
  const note = `20 cells/s; half of them within ${p50} ms, all within ${max} ms`;
  return figure('operator.change.p99', { value: percentile(samples, 0.99), unit: 'ms', note });
};

const memoryOf = async ({ process }: OperatorProcess, settled: string): Promise<Figure> => {
  const pid = process.pid();
  if (pid === undefined) throw new Error('the operator is not running');
  const note = `the most so far; ${(await residentMb(pid)).toFixed(0)} MB at rest (${settled})`;
  return figure('operator.memory', { value: await highestMb(pid), unit: 'MB', note });
};

const restarted = async ({ say, start }: Stage): Promise<{ second: OperatorProcess; restart: Figure }> => {
  say('restarting the operator');
  const since = performance.now();
  const second = await start('operator-2');
  await second.ready();
  const value = (performance.now() - since) / 1_000;
  await second.idle();
  const idle = ((performance.now() - since) / 1_000).toFixed(1);
  const note = `until all caches are complete; every parent looked at after ${idle} s`;
  return { second, restart: figure('operator.restart.seconds', { value, unit: 's', note }) };
};

const tookOver = async (stage: Stage, leader: OperatorProcess): Promise<Figure> => {
  const { say, cluster, views, names, start } = stage;
  const standby = await start('operator-3');
  await standby.ready();
  await settle(stage);
  say('killing the leader');
  const cell = names[Math.floor(names.length / 2)] ?? '';
  const { seconds, leaseSeconds } = await measureTakeover(cluster, views, { leader, cell });
  const note = `until a change made after the kill is applied; the lease was taken after ${leaseSeconds.toFixed(1)} s`;
  return figure('operator.takeover.seconds', { value: seconds, unit: 's', note });
};
