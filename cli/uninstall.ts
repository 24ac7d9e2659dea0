import { Command } from 'commander';
import { KINDS } from '../operator/api/kinds.ts';
import type { KubeClient } from '../operator/engine/kube-client.ts';
import { withCluster } from './cluster/connect.ts';
import { isKindUnknown } from './cluster/failure.ts';
import { type ClusterOptions, withClusterOptions } from './cluster/options.ts';
import { CommandFailed } from './command-failed.ts';
import { type Duration, duration } from './duration.ts';
import { helmUninstall } from './helm.ts';
import { print, progress } from './print.ts';
import { listAll } from './resources/ask.ts';

type Options = ClusterOptions & {
  readonly release: string;
  readonly namespace: string;
  readonly keepTenants?: boolean;
  readonly timeout: Duration;
  readonly json?: boolean;
};

export const uninstallCommand = (): Command =>
  withClusterOptions(new Command('uninstall'))
    .description(
      'Takes Cadastre off a cluster (Helm). The kinds stay unless it was installed with crds.keep=false.',
    )
    .option('--namespace <name>', 'where it was installed', 'cadastre')
    .option('--release <name>', "Helm's name for it", 'cadastre')
    .option('--keep-tenants', 'although there are tenants: they run on, and nobody looks after them')
    .option('--timeout <duration>', 'how long its pods may take to end', duration, duration('5m'))
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { release, namespace, json, keepTenants } = options;
      await withCluster(options, async ({ client }) => {
        if (!keepTenants) await refuseWithTenants(client);
        progress(`uninstalling ${release} from ${namespace} …`);
        await helmUninstall(options);
      });
      print(json, { release, namespace, is: 'uninstalled' }, () => uninstalledText(namespace));
    });

/** Without the operator their finalizers would hold them for ever, and their namespaces would stay. */
const refuseWithTenants = async (client: KubeClient): Promise<void> => {
  const held = KINDS.filter(({ kind }) => kind === 'Tenant' || kind === 'Cell');
  const counts = await Promise.all(
    held.map(async (kind) => ({ plural: kind.plural, count: await countOf(client, kind) })),
  );
  const there = counts.filter(({ count }) => count > 0).map(({ plural, count }) => `${plural}: ${count}`);
  if (there.length === 0) return;
  throw new CommandFailed(
    `There is still something that only the operator can take away (${there.join(', ')}): delete the tenants and their cells first, as in cadastre delete -f samples/, or give --keep-tenants to leave them running.`,
  );
};

const countOf = async (client: KubeClient, kind: (typeof KINDS)[number]): Promise<number> =>
  listAll(client, kind).then(
    ({ length }) => length,
    (error: unknown) => {
      if (isKindUnknown(error)) return 0;
      throw error;
    },
  );

const uninstalledText = (namespace: string): string =>
  `Cadastre is uninstalled. The data of MongoDB and Redis for a trial stays in volume claims:
  kubectl get pvc --namespace ${namespace}`;
