import { KubeConfig } from '@kubernetes/client-node';
import { boundedContextKind } from '../../operator/api/bounded-context.ts';
import { isNotFound } from '../../operator/engine/api-error.ts';
import { httpsClient } from '../../operator/engine/https-client.ts';
import { listPage } from '../../operator/engine/verbs.ts';
import { CommandFailed } from '../command-failed.ts';
import type { Source } from './read-contexts.ts';

/** A person waits for it. */
const PATIENCE_MS = 10_000;

/** The BoundedContexts of the cluster that KUBECONFIG names; without it, of the one that kubectl uses. */
export const clusterSources = async (): Promise<Source[]> => {
  const kubeConfig = loadedConfig();
  const server = kubeConfig.getCurrentCluster()?.server ?? 'no cluster';
  const client = httpsClient({ kubeConfig });
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { items } = await listPage(client, { resource: boundedContextKind, signal });
    return [{ from: server, yaml: JSON.stringify({ kind: 'List', items }) }];
  } catch (error) {
    throw new CommandFailed(`cannot read the BoundedContexts of ${server}: ${reasonOf(error)}`);
  } finally {
    client.close();
  }
};

const loadedConfig = (): KubeConfig => {
  const kubeConfig = new KubeConfig();
  try {
    kubeConfig.loadFromDefault();
  } catch (error) {
    throw new CommandFailed(`cannot read the file that KUBECONFIG names: ${textOf(error)}`);
  }
  return kubeConfig;
};

const reasonOf = (error: unknown): string =>
  isNotFound(error)
    ? 'it does not know the kind; install Cadastre there, or name another cluster by KUBECONFIG'
    : `${textOf(error)}; name a cluster that you may read by KUBECONFIG`;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
