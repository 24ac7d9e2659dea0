import { deepEqual, doesNotMatch, equal, notEqual, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig, type User } from '@kubernetes/client-node';
import { kubeCredentials } from './credentials.ts';

describe('kubeCredentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  /** `readAgainMs` of 0 reads each time. */
  const credentialsOf = (user: Omit<User, 'name'>, readAgainMs = 0) => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromClusterAndUser(
      { name: 'a', server: 'https://127.0.0.1:1', skipTLSVerify: false },
      { name: 'b', ...user },
    );
    return kubeCredentials({ kubeConfig, maxSockets: 1, readAgainMs });
  };
  const tokenFile = (path: string): Omit<User, 'name'> => ({
    authProvider: { name: 'tokenFile', config: { tokenFile: path } },
  });
  const plugin = (script: string): Omit<User, 'name'> => ({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] },
  });

  it('shows the token of a file, without the newline at its end', async () => {
    const { headers } = await credentialsOf(tokenFile(file('token', 't1\n'))).access();
    deepEqual(headers, { Authorization: 'Bearer t1' });
  });

  it('shows name and password', async () => {
    const { headers } = await credentialsOf({ username: 'a', password: 'b' }).access();
    deepEqual(headers, { Authorization: `Basic ${Buffer.from('a:b').toString('base64')}` });
  });

  it('keeps what it read', async () => {
    const credentials = credentialsOf(tokenFile(file('token', 't1')), 60_000);
    equal(await credentials.access(), await credentials.access());
  });

  it('reads a token anew that was refused', async () => {
    const path = file('token', 't1');
    const credentials = credentialsOf(tokenFile(path), 60_000);
    const refused = await credentials.access();
    file('token', 't2');
    equal(credentials.refused(refused), true);
    deepEqual((await credentials.access()).headers, { Authorization: 'Bearer t2' });
  });

  it('sees no point in reading again at once what was refused again', async () => {
    const credentials = credentialsOf(tokenFile(file('token', 't1')), 60_000);
    equal(credentials.refused(await credentials.access()), true);
    equal(credentials.refused(await credentials.access()), false);
  });

  it('lets one that another request has renewed be tried', async () => {
    const credentials = credentialsOf(tokenFile(file('token', 't1')), 60_000);
    const refused = await credentials.access();
    credentials.refused(refused);
    await credentials.access();
    equal(credentials.refused(refused), true);
  });

  it('starts a plugin once for many requests', async () => {
    const path = file('starts', '');
    const status = { token: 't' };
    const script = `fs.appendFileSync(${JSON.stringify(path)}, 'x');
      console.log(JSON.stringify({ status: ${JSON.stringify(status)} }))`;
    const credentials = credentialsOf(plugin(script));
    const all = await Promise.all([1, 2, 3].map(() => credentials.access()));
    deepEqual(new Set(all).size, 1);
    deepEqual(all[0]?.headers, { Authorization: 'Bearer t' });
  });

  it('says whose credentials cannot be read, and nothing of what the plugin printed', async () => {
    const failure = await credentialsOf(plugin("console.log('hunter2')"))
      .access()
      .catch((error: unknown) => error);
    await rejects(Promise.reject(failure), { name: 'CredentialsUnreadable', message: /user b$/ });
    const { cause, message } = failure as Error;
    doesNotMatch(`${message} ${cause}`, /hunter2/);
  });

  it('goes on with its connections while certificate and key stay as they are', async () => {
    const credentials = credentialsOf({ certFile: file('crt', 'c1'), keyFile: file('key', 'k1') });
    equal((await credentials.access()).agents, (await credentials.access()).agents);
  });

  for (const name of ['crt', 'key']) {
    it(`opens new connections when the file ${name} has changed`, async () => {
      const credentials = credentialsOf({ certFile: file('crt', 'c1'), keyFile: file('key', 'k1') });
      const { agents } = await credentials.access();
      file(name, 'x2');
      notEqual((await credentials.access()).agents, agents);
    });
  }
});
