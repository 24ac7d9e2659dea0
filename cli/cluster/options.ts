import { type Command, Option } from 'commander';

/** Which cluster; what is left out says the kubeconfig. */
export type ClusterOptions = { readonly kubeconfig?: string; readonly kubeContext?: string };

/** For commands that only a cluster can answer. Named as Helm names them: `--context` is a bounded context here. */
export const withClusterOptions = (command: Command): Command =>
  command
    .option('--kubeconfig <file>', 'how to reach the cluster; KUBECONFIG or ~/.kube/config when left out')
    .option('--kube-context <name>', 'a context of the kubeconfig; its current one when left out');

/** A cluster, or this machine. */
export type PlaceOptions = ClusterOptions & { readonly cluster?: boolean; readonly local?: boolean };

/** For commands that a landscape on this machine answers as well. */
export const withPlaceOptions = (command: Command): Command =>
  withClusterOptions(
    command
      .option(
        '--cluster',
        'on a cluster; understood when --kubeconfig, --kube-context or KUBECONFIG is given',
      )
      .addOption(new Option('--local', 'on this machine, although KUBECONFIG is set').conflicts('cluster')),
  );

export const meansCluster = (
  { cluster, local, kubeconfig, kubeContext }: PlaceOptions,
  environment: NodeJS.ProcessEnv = process.env,
): boolean => {
  if (local) return false;
  return Boolean(cluster || kubeconfig || kubeContext || environment['KUBECONFIG']);
};
