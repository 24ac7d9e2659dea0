import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { httpsClient } from '../../operator/engine/https-client.ts';
import type { KubeClient } from '../../operator/engine/kube-client.ts';
import { CommandFailed } from '../command-failed.ts';
import { inWords } from './failure.ts';
import type { ClusterOptions } from './options.ts';

export type Cluster = { readonly client: KubeClient; readonly kubeConfig: KubeConfig };

/**
 * Connects for as long as `use` takes.
 * @throws CommandFailed, with the API server's own sentence where it refused something.
 */
export const withCluster = async <T>(
  options: ClusterOptions,
  use: (cluster: Cluster) => Promise<T>,
): Promise<T> => {
  const kubeConfig = kubeConfigOf(options);
  const client = httpsClient({ kubeConfig, userAgent: 'cadastre-cli' });
  try {
    return await use({ client, kubeConfig });
  } catch (error) {
    throw inWords(error, kubeConfig.getCurrentCluster()?.server ?? '');
  } finally {
    client.close();
  }
};

/** @throws CommandFailed when there is none, or it does not have that context. */
export const kubeConfigOf = ({ kubeconfig, kubeContext }: ClusterOptions): KubeConfig => {
  const config = loaded(kubeconfig);
  const names = config.getContexts().map(({ name }) => name);
  if (kubeContext !== undefined && !names.includes(kubeContext)) {
    throw new CommandFailed(
      `The kubeconfig has no context ${kubeContext}: choose one of ${names.join(', ')}.`,
    );
  }
  if (kubeContext !== undefined) config.setCurrentContext(kubeContext);
  if (!config.getCurrentCluster()) {
    throw new CommandFailed(
      `The kubeconfig says no cluster: give --kube-context with one of ${names.join(', ') || '(it has none)'}.`,
    );
  }
  return config;
};

const loaded = (file: string | undefined): KubeConfig => {
  const config = new KubeConfig();
  // Without any of these the library would try http://localhost:8080.
  if (file === undefined && !hasDefault()) {
    throw new CommandFailed('No cluster is named: set KUBECONFIG, or give --kubeconfig <file>.');
  }
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const from = file ?? process.env['KUBECONFIG'] ?? '~/.kube/config';
    throw new CommandFailed(`cannot read the kubeconfig ${from}: ${why}. Name another with --kubeconfig.`, {
      cause,
    });
  }
  return config;
};

const hasDefault = (): boolean =>
  Boolean(process.env['KUBECONFIG']) ||
  existsSync(join(homedir(), '.kube', 'config')) ||
  process.env['KUBERNETES_SERVICE_HOST'] !== undefined;
