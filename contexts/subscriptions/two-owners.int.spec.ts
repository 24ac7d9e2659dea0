import { deepEqual, equal } from 'node:assert/strict';
import { type Answered, type ServedContext, serveContext } from '../../kit/context/testing/serve-context.ts';
import { hashOf } from '../../kit/identity/login-key.ts';
import { subscriptions } from './context.ts';
import { listPlans, openAccounts } from './testing/open-accounts.ts';
import { field, type Person, peopleOf } from './testing/people.ts';

const SINCE = '2026-01-01T00:00:00.000Z';
const ROUNDS = 3;

describe('two owners who change the same account at once', () => {
  let served: ServedContext;
  let shared: Awaited<ReturnType<typeof pair>>;
  before(async () => {
    served = await serveContext(subscriptions);
    await listPlans(served.commands, SINCE);
    shared = await pair();
  });
  after(() => served.stop());

  let accounts = 0;
  const pair = async () => {
    accounts += 1;
    const account = `pair-${accounts}`;
    await openAccounts(served.commands, [account], SINCE);
    const people = peopleOf(served, account);
    const one = await people.firstOwner('one@example.com');
    return { account, one, two: await people.invited(one, 'two@example.com', 'owner') };
  };
  const both = ({ one, two }: { one: Person; two: Person }, ask: (person: Person) => Promise<Answered>) =>
    Promise.all([ask(one), ask(two)]);
  const statuses = (answered: readonly Answered[]) => answered.map(({ status }) => status).sort();
  const told = (account: string, type: string) =>
    served.db.collection('events').countDocuments({ tenant: account, type });

  it('invite a user once', async () => {
    const body = { email: 'new@example.com', name: 'New', role: 'billing' };
    const answered = await both(shared, (owner) => owner.ask('POST /v1/users', body));
    deepEqual(statuses(answered), [201, 409]);
  });

  it('rotate a key, and both secrets are known', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const created = await shared.one.ask('POST /v1/keys', { name: 'till', scopes: ['*'] });
      const keyId = field(created.body, 'key', 'keyId');
      const path = `/v1/keys/${keyId}`;
      const rotated = await both(shared, (owner) => owner.ask(`POST ${path}/rotate`, { graceSeconds: 60 }));
      deepEqual(statuses(rotated), [200, 200]);
      const stored = await served.db.collection('keys').findOne({ id: keyId });
      const hashes = [stored?.['state'].hash, stored?.['state'].previous.hash].sort();
      deepEqual(hashes, rotated.map(({ body }) => hashOf(field(body, 'secret'))).sort());
    }
  });

  it('delete a key and rotate it, and nothing is left of it', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const created = await shared.one.ask('POST /v1/keys', { name: 'till', scopes: ['*'] });
      const keyId = field(created.body, 'key', 'keyId');
      const path = `/v1/keys/${keyId}`;
      const [deleted, rotated] = await Promise.all([
        shared.one.ask(`DELETE ${path}`),
        shared.two.ask(`POST ${path}/rotate`, { graceSeconds: 60 }),
      ]);
      equal(deleted.status, 204);
      equal([200, 404].includes(rotated.status), true, rotated.text);
      const last = await served.db
        .collection('events')
        .findOne({ kind: 'key', id: keyId }, { sort: { _id: -1 } });
      equal(last?.['type'], 'KeyDeleted');
      equal(await served.db.collection('keys').countDocuments({ id: keyId }), 0);
    }
  });

  it('put each other out, and one of them stays', async () => {
    let { account, one, two } = await pair();
    for (let round = 0; round < ROUNDS; round += 1) {
      const answered = await Promise.all([
        one.ask(`POST /v1/users/${two.userId}/disable`),
        two.ask(`POST /v1/users/${one.userId}/disable`),
      ]);
      equal(statuses(answered).filter((status) => status === 200).length, 1);
      const known = await both({ one, two }, (owner) => owner.ask('GET /v1/me'));
      deepEqual(statuses(known), [200, 401]);
      const [stayed, left] = known[0].status === 200 ? [one, two] : [two, one];
      await stayed.ask(`POST /v1/users/${left.userId}/enable`);
      [one, two] = [stayed, await peopleOf(served, account).signedIn(left.email)];
    }
  });

  it('close it once', async () => {
    const owners = await pair();
    const answered = await both(owners, (owner) => owner.ask('POST /v1/account/close', { reason: 'moved' }));
    deepEqual(statuses(answered), [200, 200]);
    deepEqual(
      [await told(owners.account, 'AccountClosed'), await told(owners.account, 'AccountLocked')],
      [1, 1],
    );
  });

  it('close it and ask for another plan, in one order or the other', async () => {
    const { one, two, account } = await pair();
    const [closed, changed] = await Promise.all([
      one.ask('POST /v1/account/close', {}),
      two.ask('POST /v1/account/plan-change', { subscriptionId: 's1', plan: 'gold' }),
    ]);
    const asked = await served.db
      .collection('outbox')
      .countDocuments({ type: 'subscriptions.plan-change-requested.v1', tenant: account });
    equal(closed.status, 200);
    equal(changed.status === 202 ? 1 : 0, asked);
    equal((await one.ask('GET /v1/account')).body['status'], 'closed');
  });
});
