import { Command } from 'commander';
import type { KubeClient } from '../operator/engine/kube-client.ts';
import { withCluster } from './cluster/connect.ts';
import { installedKinds, type LeftBehind, leftBehind, releaseSelector } from './cluster/left-behind.ts';
import { type ClusterOptions, withClusterOptions } from './cluster/options.ts';
import { CommandFailed } from './command-failed.ts';
import { type Duration, duration } from './duration.ts';
import { helmUninstall, helmValues } from './helm.ts';
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
      'Takes Cadastre off a cluster (Helm). Data stays, and so do the kinds unless it was installed with crds.keep=false.',
    )
    .option('--namespace <name>', 'where it was installed', 'cadastre')
    .option('--release <name>', "Helm's name for it", 'cadastre')
    .option('--keep-tenants', 'although there are tenants: they run on, and nobody looks after them')
    .option('--timeout <duration>', 'how long its pods may take to end', duration, duration('5m'))
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { release, namespace } = options;
      const left = await withCluster(options, async ({ client }) => {
        await refuseWhatWouldHang(client, options);
        progress(`uninstalling ${release} from ${namespace} …`);
        await helmUninstall(options);
        return leftBehind(client, options);
      });
      print(options.json, { release, namespace, is: 'uninstalled', stays: left }, () =>
        uninstalledText(options, left),
      );
    });

/** Finalizers hold what only the operator can let go: without it, that would stay for ever. */
const refuseWhatWouldHang = async (client: KubeClient, options: Options): Promise<void> => {
  const { crds } = await helmValues(options);
  const isGoing = crds.enabled && !crds.keep;
  if (options.keepTenants && !isGoing) return;
  const kinds = await installedKinds(client);
  const held = kinds.filter(({ kind }) => isGoing || kind === 'Tenant' || kind === 'Cell');
  const counts = await Promise.all(
    held.map(async (kind) => ({ plural: kind.plural, count: (await listAll(client, kind)).length })),
  );
  const there = counts.filter(({ count }) => count > 0).map(({ plural, count }) => `${plural}: ${count}`);
  if (there.length === 0) return;
  throw new CommandFailed(
    isGoing
      ? `The kinds would go with this release, since it was installed with crds.keep=false, and with them what only the operator can take away (${there.join(', ')}): delete that first, as in cadastre delete -f samples/, or keep the kinds by cadastre install --set crds.keep=true.`
      : `There is still something that only the operator can take away (${there.join(', ')}): delete the tenants and their cells first, as in cadastre delete -f samples/, or give --keep-tenants to leave them running.`,
  );
};

const uninstalledText = (
  { release, namespace }: Pick<Options, 'release' | 'namespace'>,
  { kinds, volumeClaims, secrets }: LeftBehind,
): string => {
  const selected = `--namespace ${namespace} --selector ${releaseSelector(release)}`;
  const lines = [`${release} is uninstalled from ${namespace}.`];
  if (kinds.length > 0)
    lines.push(
      '',
      'The kinds stay, and all that is applied of them. To remove both:',
      `  kubectl delete crd ${kinds.join(' ')}`,
    );
  if (volumeClaims.length + secrets.length > 0)
    lines.push(
      '',
      `The data of MongoDB and Redis for a trial stays (${[...volumeClaims, ...secrets].join(', ')}). To remove it:`,
      `  kubectl delete pvc,secret ${selected}`,
    );
  if (lines.length > 1)
    lines.push('', 'Installing again under the same name and namespace takes up what stays.');
  return lines.join('\n');
};
