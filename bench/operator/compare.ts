import { createObject } from '../../operator/engine/verbs.ts';
import type { Figure } from '../figure.ts';
import { applyBare } from './bare-client.ts';
import { startCluster } from './cluster.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { landscape, type Placed } from './objects.ts';
import type { Provisioned } from './provision.ts';
import { figure, type Stage } from './stage.ts';

type Work = { readonly objects: readonly Placed[]; readonly tenants: number };

/** The same objects by the client alone, on an API server that has nothing yet, as the operator's had. */
export const compare = async (
  { say }: Pick<Stage, 'say'>,
  provisioned: Provisioned,
  { objects, tenants }: Work,
): Promise<Figure[]> => {
  const cluster = await startCluster(say);
  try {
    for (const one of landscape) await createObject(cluster.client, one);
    say(`applying the same ${objects.length} objects with the client alone`);
    const apiServer = cluster.plane.apiServer.pid();
    const usedBefore = await cpuSeconds(apiServer);
    const own = process.cpuUsage();
    const bareSeconds = await applyBare(cluster, objects);
    const { user, system } = process.cpuUsage(own);
    const cpu = { client: (user + system) / 1e6, apiServer: (await cpuSeconds(apiServer)) - usedBefore };
    const { appliedSeconds, readySeconds, operatorCpuSeconds, apiServerCpuSeconds, writes } = provisioned;
    const many = `${objects.length.toLocaleString('en-US')} objects of ${tenants} tenants`;
    return [
      figure('operator.provision.rate', {
        value: tenants / readySeconds,
        unit: 'tenants/s',
        note: `all ready after ${readySeconds.toFixed(1)} s and ${(writes / tenants).toFixed(0)} writes for each; CPU: operator ${operatorCpuSeconds.toFixed(0)} s, API server ${apiServerCpuSeconds.toFixed(0)} s`,
      }),
      figure('operator.applied.seconds', { value: appliedSeconds, unit: 's', note: many }),
      figure('operator.applied.ratio', {
        value: objects.length / appliedSeconds,
        unit: 'objects/s',
        limit: objects.length / bareSeconds,
        note: `the client alone: ${bareSeconds.toFixed(1)} s; CPU: client ${cpu.client.toFixed(0)} s, API server ${cpu.apiServer.toFixed(0)} s`,
      }),
    ];
  } finally {
    await cluster.stop();
  }
};
