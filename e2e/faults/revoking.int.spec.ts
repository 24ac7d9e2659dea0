import { equal } from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Edge, openEdge, type Person, type Said, say, signIn, TENANT, until } from './testing/edge.ts';

const KEYS = 24;
const WIPE_EVERY_MS = 50;

type Made = { readonly keyId: string; readonly secret: string };

describe('login keys that change while things go wrong', function () {
  this.timeout(300_000);
  let edge: Edge;
  let owner: Person;
  before(async () => {
    edge = await openEdge();
    owner = await edge.signIn(TENANT);
  });
  after(() => edge?.close());

  const madeOf = ({ body }: Said): Made => {
    const { keyId } = body['key'] as { keyId: string };
    return { keyId, secret: String(body['secret']) };
  };
  const newKey = async (): Promise<Made> =>
    madeOf(await owner.ask('POST /v1/keys', { name: 'spec', scopes: ['*'] }));
  const answersOf = async (keys: readonly Made[]) =>
    new Set((await Promise.all(keys.map(({ secret }) => edge.whoami(secret)))).flat());
  const untilAll = (keys: readonly Made[], status: number) =>
    until(async () => {
      const answers = [...(await answersOf(keys))];
      return (answers.length === 1 && answers[0] === status) || answers;
    });

  it('refuses all that were revoked, at every replica, though Redis was wiped meanwhile', async () => {
    const keys = await Promise.all(Array.from({ length: KEYS }, newKey));
    await untilAll(keys, 200);
    const redis = new Redis(edge.servers.redisUrl);
    let isRevoking = true;
    const wiping = (async () => {
      for (; isRevoking; await delay(WIPE_EVERY_MS)) await redis.flushall();
    })();
    for (const { keyId } of keys) equal((await owner.ask(`DELETE /v1/keys/${keyId}`)).status, 204);
    isRevoking = false;
    await wiping;
    await redis.flushall();
    redis.disconnect();
    await untilAll(keys, 401);
    // None comes back when a replica loads everything again, or a key is told once more.
    for (const name of ['cloud', 'cloud-2', 'relay-1']) edge.landscape.processes.get(name)?.signal('SIGKILL');
    const later = await newKey();
    await untilAll([later], 200);
    await untilAll(keys, 401);
  });

  it('has one secret when two owners give it a new one at once', async () => {
    const { keyId, secret } = await newKey();
    const owners = await Promise.all(edge.portalUrls.map((url) => edge.signIn(TENANT, url)));
    const rotate = (one: Person) => one.ask(`POST /v1/keys/${keyId}/rotate`, { graceSeconds: 0 });
    const rotated = await Promise.all(owners.map(rotate));
    const secrets = rotated.map(madeOf).map((one) => one.secret);
    equal(new Set([secret, ...secrets]).size, 3);
    const accepted = async () => {
      const answers = await Promise.all([secret, ...secrets].map((one) => edge.whoami(one)));
      return answers.map((statuses) => statuses.join()).sort();
    };
    await until(async () => {
      const answers = (await accepted()).join(' ');
      return answers === '200,200 401,401 401,401' || answers;
    });
  });

  it('leaves an owner when two put each other out at once, at different replicas', async () => {
    const [ada, bob] = await secondOwner();
    const put = (one: Person, other: Person) => one.ask(`POST /v1/users/${other.userId}/disable`, {});
    const statuses = (await Promise.all([put(ada, bob), put(bob, ada)])).map(({ status }) => status);
    equal(statuses.filter((status) => status === 200).length, 1, statuses.join());
    const stillIn = await Promise.all([ada, bob].map((one) => one.ask('GET /v1/me')));
    equal(stillIn.filter(({ status }) => status === 200).length, 1);
  });

  const secondOwner = async (): Promise<readonly [Person, Person]> => {
    const [here = '', there = ''] = edge.portalUrls;
    const ada = await edge.signIn(TENANT, here);
    const email = 'bob@acme.example';
    const invited = await ada.ask('POST /v1/users', { email, name: 'Bob', role: 'owner' });
    const token = new URLSearchParams(String(invited.body['invitationLink']).split('?')[1]).get('token');
    const password = 'bob-orders-saucers';
    const body = { account: TENANT, token, password };
    equal((await say(`POST ${there}/v1/invitations/accept`, { body })).status, 200);
    return [ada, await signIn(there, { account: TENANT, email, password })];
  };
});
