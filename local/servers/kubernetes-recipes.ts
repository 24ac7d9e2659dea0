import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Identity } from './control-plane-identity.ts';
import type { Executable } from './executable.ts';
import type { Recipe } from './server-group.ts';

type Compaction = { readonly compactionSeconds?: number | undefined };

type EtcdOptions = Compaction & { readonly etcdFlags?: readonly string[] | undefined };

export const etcdRecipe = (
  executable: Executable,
  { compactionSeconds, etcdFlags = [] }: EtcdOptions,
): Recipe => ({
  name: 'etcd',
  executable,
  readyLine: 'ready to serve client requests',
  args: (folder, port) => [
    ...['--data-dir', join(folder, 'data')],
    ...['--listen-client-urls', `http://127.0.0.1:${port}`],
    ...['--advertise-client-urls', `http://127.0.0.1:${port}`],
    // It has no peers, and the kernel chooses the port where none will come.
    ...['--listen-peer-urls', 'http://127.0.0.1:0'],
    '--unsafe-no-fsync',
    ...(compactionSeconds
      ? ['--auto-compaction-mode=periodic', `--auto-compaction-retention=${compactionSeconds}s`]
      : []),
    ...etcdFlags,
  ],
});

/** Made by the API server at its first start and kept over restarts: its own certificate and the CA's. */
export const certificateIn = (folder: string): string =>
  readFileSync(join(folder, 'certificates', 'apiserver.crt'), 'utf8');

const isReady = (folder: string, port: number, token: string): Promise<boolean> =>
  new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    const options = { headers, ca: certificateIn(folder), agent: false, timeout: 5000 };
    const request = get(`https://127.0.0.1:${port}/readyz`, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.once('error', () => resolve(false));
    request.once('timeout', () => request.destroy());
  });

const awaitReadyz = async (folder: string, port: number, token: string): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while (!(await isReady(folder, port, token))) {
    if (performance.now() > deadline) {
      throw new Error(`kube-apiserver on port ${port} did not answer /readyz with 200 within 60 s`);
    }
    await sleep(50);
  }
};

type ApiServerOptions = Compaction & {
  readonly etcdPort: number;
  readonly identity: Identity;
  readonly apiServerFlags?: readonly string[] | undefined;
};

export const apiServerRecipe = (
  executable: Executable,
  { etcdPort, identity, compactionSeconds, apiServerFlags = [] }: ApiServerOptions,
): Recipe => ({
  name: 'kube-apiserver',
  executable,
  readyLine: 'Serving securely on',
  args: (folder, port) => [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    ...['--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', `--secure-port=${port}`],
    // Endpoints of the Service `kubernetes` may not be loopback addresses, and nobody looks for it there.
    ...['--service-cluster-ip-range=10.96.0.0/16', '--endpoint-reconciler-type=none'],
    `--cert-dir=${join(folder, 'certificates')}`,
    `--token-auth-file=${identity.tokenFile}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${identity.signingKeyFile}`,
    `--service-account-key-file=${identity.publicKeyFile}`,
    // Without controllers no namespace gets its default service account, so no pod would be let in.
    '--disable-admission-plugins=ServiceAccount',
    ...['--allow-privileged=true', '--profiling=false'],
    ...(compactionSeconds ? [`--etcd-compaction-interval=${compactionSeconds}s`] : []),
    ...apiServerFlags,
  ],
  whenReady: (folder, port) => awaitReadyz(folder, port, identity.token),
});
