import { deepEqual, equal, ok } from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { newLoginKey } from '../../kit/identity/login-key.ts';
import { type Edge, openEdge, type Said, say, signIn, TENANT, until } from './testing/edge.ts';

/** The middle of a key, which nothing may hold either. */
const bodyOf = (key: string) => key.slice(4, 34);
const PASSWORD = 'bob-keeps-this-to-himself';
const WRONG = 'bob-mistypes-this-one';
const TOKEN = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/;

describe('keys, passwords, sessions and invitations', function () {
  this.timeout(300_000);
  let edge: Edge;
  const secrets = new Map<string, string>();
  const problems: string[] = [];
  const keep = (said: Said): Said => {
    if (said.status >= 400) problems.push(said.text);
    return said;
  };

  before(async () => {
    edge = await openEdge({ logLevel: 'trace', replicas: { cloud: 2 } });
    await goRound();
  });
  after(() => edge?.close());

  const portal = () => edge.portalUrls[0] ?? '';
  const invited = async (): Promise<string> => {
    const owner = await edge.signIn(TENANT);
    secrets.set('session of the owner', owner.cookie.split('.')[1] ?? '');
    secrets.set('password of the owner', edge.accounts.get(TENANT)?.password ?? '');
    secrets.set('first key', bodyOf(edge.accounts.get(TENANT)?.key ?? ''));
    const email = 'bob@acme.example';
    const { body } = await owner.ask('POST /v1/users', { email, name: 'Bob', role: 'developer' });
    const token = new URLSearchParams(String(body['invitationLink']).split('?')[1]).get('token') ?? '';
    secrets.set('invitation', token);
    const accept = () =>
      say(`POST ${portal()}/v1/invitations/accept`, { body: { account: TENANT, token, password: PASSWORD } });
    equal(keep(await accept()).status, 200);
    equal(keep(await accept()).status, 410);
    return email;
  };
  /** The whole way of a customer, with the mistakes that one makes. */
  const goRound = async (): Promise<void> => {
    const email = await invited();
    secrets.set('password', PASSWORD).set('mistyped password', WRONG);
    const credentials = { account: TENANT, email, password: PASSWORD };
    const wrong = { ...credentials, password: WRONG };
    equal(keep(await say(`POST ${portal()}/v1/sessions`, { body: wrong })).status, 401);
    keep(await say(`POST ${portal()}/v1/sessions`, { body: { ...credentials, password: [WRONG] } }));
    keep(await say(`POST ${portal()}/v1/sessions`, { body: { account: TENANT, email, pasword: WRONG } }));
    keep(await say(`POST ${portal()}/v1/sessions`, { body: { ...credentials, email: PASSWORD } }));
    const bob = await signIn(portal(), credentials);
    const session = bob.cookie.split('.')[1] ?? '';
    secrets.set('session', session);
    keep(await bob.ask('POST /v1/keys', { name: 'k', scopes: [`${session} ${PASSWORD}`] }));
    const made = keep(await bob.ask('POST /v1/keys', { name: 'k', scopes: ['ordering:read'] }));
    const { keyId } = made.body['key'] as { keyId: string };
    const rotated = keep(await bob.ask(`POST /v1/keys/${keyId}/rotate`, { graceSeconds: 600 }));
    for (const one of [made, rotated]) await useKey(String(one.body['secret']));
    keep(await bob.ask(`DELETE /v1/keys/${keyId}`));
    keep(await bob.ask('DELETE /v1/sessions/current'));
    keep(await bob.ask('GET /v1/me'));
    const owner = await edge.signIn(TENANT);
    await until(async () => {
      const { totals } = (await owner.ask('GET /v1/consumption')).body as { totals: Record<string, number> };
      return (totals['requests'] ?? 0) > 0 || totals;
    });
  };
  const useKey = async (key: string): Promise<void> => {
    secrets.set(`key ${secrets.size}`, bodyOf(key));
    await until(async () => (await edge.whoami(key)).every((status) => status === 200));
    const guessed = newLoginKey();
    secrets.set(`guessed key ${secrets.size}`, bodyOf(guessed));
    for (const door of edge.doorUrls) {
      const ask = async (request: string, sent = key) =>
        keep(await say(`${request}`, { headers: { authorization: `Bearer ${sent}` } }));
      equal((await ask(`GET ${door}/api/ordering/v1/items`)).status, 200);
      equal((await ask(`GET ${door}/api/ordering/v1/orders/none`)).status >= 400, true);
      equal((await ask(`POST ${door}/api/ordering/v1/orders`)).status, 403);
      equal((await ask(`GET ${door}/api/nowhere/x`)).status, 403);
      for (const broken of [guessed, key.slice(0, -1), `${key}x`, key.toLowerCase()])
        equal((await ask(`GET ${door}/api/whoami`, broken)).status, 401);
      // Where it does not belong: nobody needs to know it there, nor to write it down.
      keep(await say(`GET ${door}/api/whoami?key=${key}`));
      keep(await say(`GET ${door}/api/whoami`, { headers: { cookie: `key=${key}` } }));
    }
  };

  const found = (text: Buffer | string): string[] =>
    [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => name);
  const holdsToken = (text: string) => (TOKEN.test(text) ? ['a signed identity'] : []);

  it('are in no log, however fine', async () => {
    const files = (await readdir(edge.folder)).filter((name) => name.endsWith('.log'));
    let finest = 0;
    for (const file of files) {
      const text = await readFile(join(edge.folder, file), 'utf8');
      finest += Number(text.includes('"level":"debug"'));
      deepEqual([...found(text), ...holdsToken(text)], [], file);
    }
    ok(files.length >= 5 && finest >= 2, `${finest} of ${files.length} logs say more than usual`);
  });

  it('are in no document, nor in what MongoDB ever wrote of them', async () => {
    const { databases } = await edge.client.db('admin').admin().listDatabases();
    for (const { name } of databases) {
      for (const { collectionName } of await edge.client.db(name).collections()) {
        const documents = edge.client.db(name).collection(collectionName).find({}, { raw: true });
        for await (const document of documents) {
          const bytes = document as unknown as Buffer;
          const text = bytes.toString('latin1');
          deepEqual([...found(text), ...holdsToken(text)], [], `${name}.${collectionName}`);
        }
      }
    }
  });

  it('are in nothing that Redis was ever told', async () => {
    const redis = new Redis(edge.servers.redisUrl);
    const [, folder = ''] = (await redis.config('GET', 'dir')) as string[];
    redis.disconnect();
    const log = join(folder, 'appendonlydir');
    const texts = await Promise.all((await readdir(log)).map((file) => readFile(join(log, file))));
    ok(
      texts.some((text) => text.includes('usage-recorded')),
      'the log of Redis has what was told',
    );
    for (const text of texts) deepEqual([...found(text), ...holdsToken(text.toString('latin1'))], []);
  });

  it('are in no problem that is answered', () => {
    ok(problems.length > 20);
    for (const problem of problems) deepEqual([...found(problem), ...holdsToken(problem)], []);
  });
});
