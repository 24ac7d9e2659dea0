import { Command, Option } from 'commander';
import type { KubeClient } from '../operator/engine/kube-client.ts';
import { withCluster } from './cluster/connect.ts';
import { type ClusterOptions, withClusterOptions } from './cluster/options.ts';
import { type Duration, duration } from './duration.ts';
import { print } from './print.ts';
import { listAll } from './resources/ask.ts';
import { namedText, type Target, targetsOf } from './resources/targets.ts';
import { type Named, untilGone, untilReady } from './resources/until.ts';

type Options = ClusterOptions & {
  readonly for: 'ready' | 'deleted';
  readonly timeout: Duration;
  readonly json?: boolean;
};

export const waitCommand = (): Command =>
  withClusterOptions(new Command('wait'))
    .description('Waits until resources are ready or gone; says meanwhile what is still missing.')
    .argument('<kind and names...>', 'tenant acme, tenant/acme subscription/acme-starter, or all tenants')
    .addOption(
      new Option('--for <what>', 'ready: of the spec as it is now')
        .choices(['ready', 'deleted'])
        .default('ready'),
    )
    .option('--timeout <duration>', 'how long', duration, duration('3m'))
    .option('--json', 'print JSON')
    .action(async (words: string[], { for: what, timeout, json, ...cluster }: Options) => {
      const targets = targetsOf(words);
      const startedAt = performance.now();
      const waited = await withCluster(cluster, async ({ client }) => {
        const named = (await Promise.all(targets.map((target) => expanded(client, target)))).flat();
        const until = what === 'ready' ? untilReady : untilGone;
        await Promise.all(named.map((one) => until(client, one, { timeout, startedAt })));
        return named;
      });
      const is = what === 'ready' ? 'ready' : 'gone';
      print(
        json,
        waited.map(({ kind, name }) => ({ kind: kind.kind, name, is })),
        () =>
          waited.map(({ kind, name }) => `${namedText(kind, name)} is ${is}`).join('\n') || 'There are none.',
      );
    });

const expanded = async (client: KubeClient, { kind, name }: Target): Promise<Named[]> => {
  if (name !== undefined) return [{ kind, name }];
  return (await listAll(client, kind)).map(({ metadata }) => ({ kind, name: metadata.name }));
};
