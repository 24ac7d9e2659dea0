import { equal, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { type Cluster, KubeConfig, type User } from '@kubernetes/client-node';
import { testControlPlane } from '../../local/servers/control-plane-for-tests.ts';
import { ConnectionLost } from './api-error.ts';
import { httpsClient } from './https-client.ts';
import type { KubeClient } from './kube-client.ts';
import { collectionPath } from './resource.ts';
import { clientFor, configMaps, freshNamespace, kubeConfigFrom, until } from './testing/ground.ts';
import { createObject, deleteObject } from './verbs.ts';

const secrets = { ...configMaps, kind: 'Secret', plural: 'secrets' };
const serviceAccounts = { ...configMaps, kind: 'ServiceAccount', plural: 'serviceaccounts' };

/** Who the API server takes us for. */
const userOf = async (client: KubeClient): Promise<string> => {
  const { status } = await client.request<{ status: { userInfo: { username: string } } }>({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
  return status.userInfo.username;
};

describe('httpsClient, when credentials rotate', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'rotation-'));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  let admin: KubeClient;
  let kubeConfig: KubeConfig;
  let namespace: string;

  before(async () => {
    const { kubeconfig } = await testControlPlane();
    admin = clientFor(kubeconfig);
    kubeConfig = kubeConfigFrom(kubeconfig);
    namespace = await freshNamespace(admin);
  });
  after(() => {
    admin.close();
    rmSync(folder, { recursive: true });
  });

  /** A service account's token, which is worth nothing once the Secret of the same name has gone. */
  const tokenOf = async (name: string): Promise<string> => {
    const object = (kind: string) => ({ apiVersion: 'v1', kind, metadata: { namespace, name } });
    await createObject(admin, { resource: serviceAccounts, object: object('ServiceAccount') });
    await createObject(admin, { resource: secrets, object: object('Secret') });
    const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name };
    const { status } = await admin.request<{ status: { token: string } }>({
      method: 'POST',
      path: `${collectionPath(serviceAccounts, namespace)}/${name}/token`,
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { boundObjectRef } },
    });
    return status.token;
  };

  const clientOf = (user: Omit<User, 'name'>, trust: Partial<Cluster> = {}): KubeClient => {
    const cluster = { ...(kubeConfig.getCurrentCluster() ?? { name: '', server: '' }), ...trust };
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ ...cluster, skipTLSVerify: false }, { name: 'a', ...user });
    return httpsClient({ kubeConfig: config, readAgainMs: 100 });
  };
  const withTokenFile = (tokenFile: string) =>
    clientOf({ authProvider: { name: 'tokenFile', config: { tokenFile } } });
  const isLetIn = (client: KubeClient): Promise<boolean> =>
    userOf(client).then(
      () => true,
      () => false,
    );

  it('reads the token file again before anyone notices', async () => {
    const client = withTokenFile(file('token', await tokenOf('first')));
    equal(await userOf(client), `system:serviceaccount:${namespace}:first`);
    file('token', await tokenOf('second'));
    await deleteObject(admin, { resource: secrets, key: `${namespace}/first` });
    // The API server believes the first token for some seconds more; no request may fail at any time.
    await until(async () => (await userOf(client)) === `system:serviceaccount:${namespace}:second`);
    client.close();
  });

  it('says 401 when the new one is not accepted either, and goes on when one is', async () => {
    const client = withTokenFile(file('token', 'wrong'));
    await rejects(userOf(client), { status: 401, reason: 'Unauthorized' });
    file('token', await tokenOf('right'));
    await until(() => isLetIn(client));
    client.close();
  });

  it('trusts another certificate authority when its file says so', async () => {
    const cluster = kubeConfig.getCurrentCluster();
    const { token = '' } = kubeConfig.getCurrentUser() ?? {};
    const client = clientOf({ token }, { caFile: file('ca', rootCertificates[0] ?? '') });
    await rejects(userOf(client), ConnectionLost);
    file('ca', Buffer.from(cluster?.caData ?? '', 'base64').toString());
    await until(() => isLetIn(client));
    client.close();
  });
});
