import { type Command, Option } from 'commander';
import type { BoundedContext } from '../../operator/api/bounded-context.ts';
import { codeSources, contextsIn, fileSources, type Source } from './read-contexts.ts';

/** Which contexts a command is about. */
export type Choice = { readonly file?: string[]; readonly cluster?: boolean };

export const withChoice = (command: Command): Command =>
  command
    .option('-f, --file <paths...>', 'the BoundedContexts in these files or folders; - reads standard input')
    .addOption(new Option('--cluster', 'those of the cluster that KUBECONFIG names').conflicts('file'));

/** Those that the code in contexts/ describes, unless others are chosen. */
export const chosenContexts = async (choice: Choice): Promise<BoundedContext[]> =>
  contextsIn(await chosenSources(choice));

const chosenSources = async ({ file, cluster }: Choice): Promise<Source[]> => {
  if (cluster) {
    // Only now: its client takes a second to load.
    const { clusterSources } = await import('./cluster-contexts.ts');
    return await clusterSources();
  }
  return file === undefined ? codeSources() : await fileSources(file);
};
