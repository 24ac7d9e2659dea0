import type { Command } from 'commander';
import type { BoundedContext } from '../../operator/api/bounded-context.ts';
import { type ClusterOptions, withClusterOptions } from '../cluster/options.ts';
import { CommandFailed } from '../command-failed.ts';
import { clusterSources } from './cluster-contexts.ts';
import { codeSources, contextsIn, fileSources, type Source } from './read-contexts.ts';

/** Which contexts a command is about. */
export type Choice = ClusterOptions & { readonly file?: string[]; readonly cluster?: boolean };

export const withChoice = (command: Command): Command =>
  withClusterOptions(
    command
      .option(
        '-f, --file <paths...>',
        'the BoundedContexts in these files or folders; - reads standard input',
      )
      .option('--cluster', 'those of a cluster; understood when --kubeconfig or --kube-context is given'),
  );

/** Those that the code in contexts/ describes, unless others are chosen. */
export const chosenContexts = async (choice: Choice): Promise<BoundedContext[]> =>
  contextsIn(await chosenSources(choice));

/** Not by KUBECONFIG alone: who changes the code asks about the code, whatever the shell is set to. */
const chosenSources = async ({ file, cluster, ...options }: Choice): Promise<Source[]> => {
  const isOfCluster = cluster || options.kubeconfig !== undefined || options.kubeContext !== undefined;
  if (isOfCluster && file !== undefined)
    throw new CommandFailed('Name files with --file, or a cluster, not both.');
  if (isOfCluster) return clusterSources(options);
  return file === undefined ? codeSources() : fileSources(file);
};
