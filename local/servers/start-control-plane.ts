import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kubeconfigOf, newIdentity } from './control-plane-identity.ts';
import type { Progress } from './executable.ts';
import { findControlPlane } from './find-kubernetes.ts';
import { apiServerRecipe, certificateIn, etcdRecipe } from './kubernetes-recipes.ts';
import type { Server } from './server.ts';
import { type GroupOptions, type ServerGroup, serverGroup } from './server-group.ts';

export type ControlPlaneOptions = Pick<GroupOptions, 'onExit'> & {
  /**
   * How often old revisions are compacted away, as a fault; 5 minutes, the API server's own choice, when absent.
   * It goes on serving further pages of a list from its memory for about ten seconds more.
   */
  readonly compactionSeconds?: number;
  /** `--name=value`; they win over ours. */
  readonly apiServerFlags?: readonly string[];
  readonly etcdFlags?: readonly string[];
  readonly progress?: Progress;
};

/**
 * A real API server over a real etcd, with RBAC and no controllers: no garbage collection, no pods, and a deleted
 * namespace stays `Terminating`.
 */
export type ControlPlane = {
  /** In the temporary folder; of a user in the group `system:masters`, who may do everything. */
  readonly kubeconfigFile: string;
  /** The text of that file. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:<port>`, the same after restarts. */
  readonly url: string;
  /** `restart` resolves when /readyz is ok. */
  readonly apiServer: Server;
  /** `restart` resolves when etcd serves; the API server finds it again within seconds. */
  readonly etcd: Server;
  /** Resolves when no process and no temporary folder is left. May be called twice. */
  stop(): Promise<void>;
};

const startInto = async (group: ServerGroup, options: ControlPlaneOptions): Promise<ControlPlane> => {
  const programs = await findControlPlane(options.progress ?? (() => undefined));
  const identity = await newIdentity(join(group.folder, 'identity'));
  const etcd = await group.start(etcdRecipe(programs.etcd, options));
  const apiServer = await group.start(
    apiServerRecipe(programs.kubeApiServer, { ...options, identity, etcdPort: etcd.port }),
  );
  const url = `https://127.0.0.1:${apiServer.port}`;
  const certificate = certificateIn(join(group.folder, apiServer.name));
  const kubeconfig = kubeconfigOf({ url, token: identity.token, certificate });
  const kubeconfigFile = join(group.folder, 'kubeconfig');
  await writeFile(kubeconfigFile, kubeconfig, { mode: 0o600 });
  return { kubeconfigFile, kubeconfig, url, apiServer, etcd, stop: group.stop };
};

/**
 * On free loopback ports, with data of its own; ends with this process, however it ends.
 * Throws `ServerNotFound` when the programs are neither on this machine nor to be compiled.
 */
export const startControlPlane = async (options: ControlPlaneOptions = {}): Promise<ControlPlane> => {
  const group = serverGroup(options);
  return startInto(group, options).catch(async (cause: unknown) => {
    await group.stop();
    throw cause;
  });
};
