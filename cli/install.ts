import { Command } from 'commander';
import { withCluster } from './cluster/connect.ts';
import { type ClusterOptions, withClusterOptions } from './cluster/options.ts';
import { tellRollout } from './cluster/rollout.ts';
import { type Duration, duration } from './duration.ts';
import { helmInstall, type Installed } from './helm.ts';
import { print, progress } from './print.ts';

type Options = ClusterOptions & {
  readonly release: string;
  readonly namespace: string;
  readonly values?: string[];
  readonly set?: string[];
  readonly resetValues?: boolean;
  readonly wait: boolean;
  readonly timeout: Duration;
  readonly json?: boolean;
};

export const installCommand = (): Command =>
  withClusterOptions(new Command('install'))
    .description('Installs Cadastre on a cluster, or brings it up to this version (Helm).')
    .option('--namespace <name>', 'of the operator, the relay and the servers for a trial', 'cadastre')
    .option('--release <name>', "Helm's name for it", 'cadastre')
    .option('--values <files...>', 'YAML files of values; charts/cadastre/values.yaml says which there are')
    .option('--set <values...>', 'single values: mongodb.embedded=false')
    .option('--reset-values', 'forget what earlier installs were told; without this it holds on')
    .option('--no-wait', 'only apply; without this it ends when all pods are ready')
    .option('--timeout <duration>', 'how long its pods may take to be ready', duration, duration('5m'))
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { release, namespace } = options;
      const installed = await withCluster(options, async ({ client }) => {
        progress(`installing ${release} in ${namespace} …`);
        const stop = new AbortController();
        const telling = tellRollout(client, { release, namespace, signal: stop.signal });
        try {
          return await helmInstall(options);
        } finally {
          stop.abort();
          await telling;
        }
      });
      print(
        options.json,
        { release, namespace, revision: installed.version, status: installed.info.status },
        () => installedText(options, installed),
      );
    });

const installedText = ({ release, namespace }: Options, { version, info }: Installed): string =>
  info.notes?.trim() || `${release} is installed in ${namespace}, revision ${version}.`;
