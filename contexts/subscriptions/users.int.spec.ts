import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { v7 as uuidv7 } from 'uuid';
import { type ServedContext, serveContext } from '../../kit/context/testing/serve-context.ts';
import { hashOf, isWellFormed } from '../../kit/identity/login-key.ts';
import { subscriptions } from './context.ts';
import { addressFailures } from './sign-in/address-failures.ts';
import { attempts } from './sign-in/attempts.ts';
import { ACME, field, PASSWORD, type Person, peopleOf, tokenOf } from './testing/people.ts';
import { userIdOf } from './user/user-id.ts';

describe('users, sessions and login keys over HTTP', () => {
  let served: ServedContext;
  let people: ReturnType<typeof peopleOf>;
  let ada: Person;
  before(async () => {
    served = await serveContext(subscriptions);
    people = peopleOf(served);
    ada = await people.firstOwner();
  });
  after(() => served.stop());

  describe('signing in', () => {
    /** Long ago, so that nothing is blocked by it, and the next failure blocks for half a minute. */
    const failedBefore = (email: string, times: number) =>
      served.commands.handle(
        {
          keys: { attempts: attempts.key(userIdOf(email)) },
          decide: () => ({
            attempts: Array.from({ length: times }, () => ({
              type: 'SignInFailed' as const,
              data: { at: '2026-01-01T00:00:00.000Z' },
            })),
          }),
        },
        { tenant: ACME, cause: {} },
      );

    it('sets a cookie that no script and no other site gets', async () => {
      const { headers } = await people.signIn('ada@example.com');
      match(
        headers.get('set-cookie') ?? '',
        /^session=acme-1a2b3c4d\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
      );
    });

    it('says who is signed in', async () => {
      const { body } = await ada.ask('GET /v1/me');
      const me = { userId: ada.userId, email: 'ada@example.com', name: 'Ada', role: 'owner' };
      deepEqual(body, { ...me, account: 'acme-1a2b3c4d' });
    });

    it('takes the e-mail in any case', async () =>
      equal((await people.signIn('ADA@Example.com')).status, 201));

    it('answers a wrong password, a stranger and another account alike', async () => {
      const wrong = [
        await people.signIn('ada@example.com', 'wrong'),
        await people.signIn('nobody@example.com'),
        await peopleOf(served, 'other-1a2b3c4d').signIn('ada@example.com'),
      ];
      const said = wrong.map(({ text, body }) => text.replaceAll(body.requestId, ''));
      equal(new Set(said).size, 1);
      deepEqual(wrong.map(({ status, body }) => [status, body['code']])[0], [401, 'sign-in-refused']);
    });

    it('ends with signing out', async () => {
      const person = await people.signedIn('ada@example.com');
      const { status, headers } = await person.ask('DELETE /v1/sessions/current');
      equal(status, 204);
      match(headers.get('set-cookie') ?? '', /^session=; Max-Age=0/);
      deepEqual((await person.ask('GET /v1/me')).body['code'], 'session-ended');
    });

    it('lasts longer when somebody stays, and not after it ended', async () => {
      const person = await people.signedIn('ada@example.com');
      const expiries = () => served.db.collection('sessions').distinct('state.expiresAt');
      const before = Math.max(...(await expiries()));
      deepEqual((await person.ask('PUT /v1/sessions/current')).status, 204);
      equal(Math.max(...(await expiries())) > before, true);
      await person.ask('DELETE /v1/sessions/current');
      equal((await person.ask('PUT /v1/sessions/current')).status, 401);
    });

    it('refuses a change that another site could have sent', async () => {
      const { status, body } = await served.ask('POST /v1/keys', {
        headers: { cookie: ada.cookie },
        body: { name: 'k', scopes: ['*'] },
      });
      deepEqual([status, body['code']], [403, 'requested-with-missing']);
    });

    it('refuses a cookie that is none, whatever tenant a header names', async () => {
      for (const cookie of ['session=x', `session=acme-1a2b3c4d.${'a'.repeat(43)}`, 'session=platform.x']) {
        equal((await served.ask('GET /v1/me', { headers: { cookie } })).body['code'], 'session-ended');
      }
    });

    for (const email of ['throttled@example.com', 'a-stranger@example.com']) {
      it(`makes ${email} wait after failures, even with the right password`, async () => {
        if (email.startsWith('throttled')) await people.invited(ada, email, 'billing');
        await failedBefore(email, 9);
        equal((await people.signIn(email, 'wrong')).status, 401);
        const { status, body } = await people.signIn(email);
        deepEqual([status, body['code']], [429, 'sign-in-throttled']);
      });
    }
  });

  describe('signing in from an address of many failures', () => {
    const from = (address: string, password = PASSWORD) =>
      served.ask('POST /v1/sessions', {
        body: { account: ACME, email: 'ada@example.com', password },
        headers: { 'x-forwarded-for': address },
      });
    before(() =>
      served.commands.handle(
        {
          keys: { address: addressFailures.key('203.0.113.7') },
          decide: () => ({
            address: Array.from({ length: 49 }, () => ({
              type: 'AddressFailed' as const,
              data: { at: new Date().toISOString() },
            })),
          }),
        },
        { tenant: 'platform', cause: {} },
      ),
    );

    it('is refused after one more, from there alone', async () => {
      equal((await from('203.0.113.7', 'wrong')).body['code'], 'sign-in-refused');
      equal((await from('203.0.113.7')).body['code'], 'sign-in-throttled');
      equal((await from('198.51.100.1, 203.0.113.7')).body['code'], 'sign-in-throttled');
      equal((await from('203.0.113.8')).status, 201);
    });
  });

  describe('a link', () => {
    it('works once', async () => {
      const link = tokenOf(
        await ada.ask('POST /v1/users', { email: 'once@example.com', name: 'O', role: 'billing' }),
      );
      const answered = [await people.accept(link), await people.accept(link)];
      deepEqual(
        answered.map(({ status }) => status),
        [200, 410],
      );
    });

    it('gives way to a newer one, and ends the sessions of the password before', async () => {
      const bob = await people.invited(ada, 'bob@example.com', 'developer');
      const older = tokenOf(await ada.ask(`POST /v1/users/${bob.userId}/reset`));
      const newer = tokenOf(await ada.ask(`POST /v1/users/${bob.userId}/reset`));
      equal((await bob.ask('GET /v1/me')).status, 200);
      equal((await people.accept(older)).status, 410);
      equal((await people.accept(newer, 'another long password')).status, 200);
      equal((await bob.ask('GET /v1/me')).status, 401);
      equal((await people.signIn('bob@example.com', 'another long password')).status, 201);
    });

    it('is refused with an Idempotency-Key, which would keep what it answers', async () => {
      const headers = { 'idempotency-key': 'k', 'x-requested-with': 'portal', cookie: ada.cookie };
      const body = { email: 'idem@example.com', name: 'I', role: 'billing' };
      equal((await served.ask('POST /v1/users', { headers, body })).body['code'], 'idempotency-key-refused');
    });

    it('refuses a short password without repeating it', async () => {
      const { status, text } = await people.accept('a'.repeat(43), 'hunter2');
      equal(status, 400);
      equal(text.includes('hunter2'), false);
    });
  });

  describe('a user', () => {
    it('is one per e-mail', async () => {
      const body = { email: ' ADA@example.com'.trim(), name: 'Again', role: 'billing' };
      equal((await ada.ask('POST /v1/users', body)).body['code'], 'user-exists');
    });

    it('who is disabled is signed out for good, and told to others', async () => {
      const eve = await people.invited(ada, 'eve@example.com', 'developer');
      const disabled = await ada.ask(`POST /v1/users/${eve.userId}/disable`);
      deepEqual([disabled.body['status'], disabled.events], ['disabled', ['subscriptions.user-disabled.v1']]);
      equal((await people.signIn('eve@example.com')).status, 401);
      const enabled = await ada.ask(`POST /v1/users/${eve.userId}/enable`);
      deepEqual(enabled.events, ['subscriptions.user-enabled.v1']);
      equal((await eve.ask('GET /v1/me')).status, 401);
      equal((await people.signIn('eve@example.com')).status, 201);
    });

    it('may do what the role says, as it is now', async () => {
      const dev = await people.invited(ada, 'dev@example.com', 'developer');
      const bill = await people.invited(ada, 'bill@example.com', 'billing');
      const statuses = async (person: Person) =>
        (await Promise.all([person.ask('GET /v1/users'), person.ask('GET /v1/keys')])).map(
          ({ status }) => status,
        );
      deepEqual(
        [await statuses(ada), await statuses(dev), await statuses(bill)],
        [
          [200, 200],
          [403, 200],
          [403, 403],
        ],
      );
      equal((await ada.ask(`PUT /v1/users/${bill.userId}/role`, { role: 'developer' })).status, 200);
      deepEqual(await statuses(bill), [403, 200]);
    });

    it('is nobody without a session', async () =>
      equal((await served.ask('GET /v1/users')).body['code'], 'not-allowed'));

    it('who is the last owner stays one', async () => {
      const disabled = await ada.ask(`POST /v1/users/${ada.userId}/disable`);
      const demoted = await ada.ask(`PUT /v1/users/${ada.userId}/role`, { role: 'billing' });
      deepEqual([disabled.body['code'], demoted.body['code']], ['last-owner', 'last-owner']);
    });
  });

  describe('a login key', () => {
    const create = (person: Person, more = {}) =>
      person.ask('POST /v1/keys', { name: 'till', scopes: ['ordering:write'], ...more });

    it('shows its secret once, and tells others its hash', async () => {
      const { status, body, events, headers } = await create(ada);
      deepEqual(
        [status, events, headers.get('cache-control')],
        [201, ['subscriptions.key-created.v1'], 'no-store'],
      );
      const secret = field(body, 'secret');
      equal(isWellFormed(secret), true);
      const told = await served.db.collection('outbox').findOne({}, { sort: { $natural: -1 } });
      equal(field(JSON.parse(told?.['event']), 'data', 'hash'), hashOf(secret));
      const { text } = await ada.ask('GET /v1/keys');
      deepEqual(
        [text.includes(secret), text.includes(hashOf(secret)), text.includes('till')],
        [false, false, true],
      );
    });

    it('is one however often its creation is sent, each time with another secret', async () => {
      const keyId = uuidv7();
      const answered = [await create(ada, { keyId }), await create(ada, { keyId })];
      deepEqual(
        answered.map(({ status, events }) => [status, events]),
        [
          [201, ['subscriptions.key-created.v1']],
          [201, ['subscriptions.key-rotated.v1']],
        ],
      );
      equal(new Set(answered.map(({ body }) => field(body, 'secret'))).size, 2);
      equal((await create(ada, { keyId, name: 'other' })).body['code'], 'key-exists');
    });

    it('is rotated, disabled, enabled and deleted', async () => {
      const created = await create(ada);
      const path = `/v1/keys/${field(created.body, 'key', 'keyId')}`;
      const rotated = await ada.ask(`POST ${path}/rotate`, { graceSeconds: 60 });
      notEqual(field(rotated.body, 'secret'), field(created.body, 'secret'));
      match(field(rotated.body, 'key', 'previousUntil'), /^20/);
      const steps = [
        rotated,
        await ada.ask(`POST ${path}/disable`),
        await ada.ask(`POST ${path}/enable`),
        await ada.ask(`DELETE ${path}`),
        await ada.ask(`DELETE ${path}`),
      ];
      deepEqual(
        steps.map(({ events }) => events),
        [
          ['subscriptions.key-rotated.v1'],
          ['subscriptions.key-disabled.v1'],
          ['subscriptions.key-enabled.v1'],
          ['subscriptions.key-deleted.v1'],
          [],
        ],
      );
      equal((await ada.ask(`POST ${path}/enable`)).body['code'], 'key-not-found');
    });

    it('is its owner’s, and in reach of owners', async () => {
      const dan = await people.invited(ada, 'dan@example.com', 'developer');
      const hers = field((await create(ada)).body, 'key', 'keyId');
      const his = field((await create(dan)).body, 'key', 'keyId');
      equal((await dan.ask(`POST /v1/keys/${hers}/disable`)).body['code'], 'key-not-found');
      equal((await ada.ask(`POST /v1/keys/${his}/disable`)).status, 200);
      const listed = (await dan.ask('GET /v1/keys')).body.items.map((one) => one['keyId']);
      deepEqual(listed, [his]);
    });

    it('refuses a time that has passed and a scope that is none', async () => {
      const passed = await create(ada, { expiresAt: '2020-01-01T00:00:00Z' });
      const malformed = await create(ada, { scopes: ['ordering'] });
      deepEqual([passed.body['code'], malformed.body['code']], ['expiry-has-passed', 'invalid-request']);
    });
  });

  it('keeps no password and no token in any collection or answer', async () => {
    const invited = await ada.ask('POST /v1/users', {
      email: 'grep@example.com',
      name: 'G',
      role: 'developer',
    });
    const token = tokenOf(invited);
    await people.accept(token);
    const person = await people.signedIn('grep@example.com');
    const created = await person.ask('POST /v1/keys', { name: 'grep', scopes: ['*'] });
    const secrets = [PASSWORD, token, field(created.body, 'secret'), person.cookie.split('.')[1] ?? ''];
    for (const collection of await served.db.collections()) {
      const text = JSON.stringify(await collection.find().toArray());
      for (const secret of secrets) equal(text.includes(secret), false, collection.collectionName);
    }
    const events = JSON.stringify(await served.db.collection('outbox').find().toArray());
    const passwords = await served.db.collection('passwords').find().toArray();
    for (const { state } of passwords) equal(events.includes(state.hash?.hash ?? PASSWORD), false);
  });
});
