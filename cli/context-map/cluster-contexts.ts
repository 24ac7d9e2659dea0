import { boundedContextKind } from '../../operator/api/bounded-context.ts';
import { withCluster } from '../cluster/connect.ts';
import type { ClusterOptions } from '../cluster/options.ts';
import { CommandFailed } from '../command-failed.ts';
import { listAll } from '../resources/ask.ts';
import type { Source } from './read-contexts.ts';

/** The BoundedContexts of a cluster. @throws CommandFailed when it has none */
export const clusterSources = async (options: ClusterOptions): Promise<Source[]> => {
  const items = await withCluster(options, ({ client }) => listAll(client, boundedContextKind));
  if (items.length === 0) {
    throw new CommandFailed(
      'There is no BoundedContext on this cluster: cadastre apply -f samples/bounded-contexts.yaml brings some.',
    );
  }
  return [{ from: 'the cluster', yaml: JSON.stringify({ kind: 'List', items }) }];
};
