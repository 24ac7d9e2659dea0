import assert from 'node:assert/strict';
import { z } from 'zod';
import type { CommandContext, CommandHandler } from '../aggregate/command-handler.ts';
import { type FrontDoor, startFrontDoor } from '../identity/testing/front-door.ts';
import { identityVerifier, type VerifyIdentity } from '../identity/verify.ts';
import { createStaffApp } from './app.ts';
import { RequestRefused } from './errors.ts';
import { type ApiAnswer, type ApiRequest, commandCall, commandRoute, queryRoute } from './route.ts';
import { type Listening, listen } from './server.ts';
import { api, counter } from './testing/counter.ts';
import { problemIn, type StartedApp, startApp } from './testing/started-app.ts';

const described = { method: 'GET', summary: 'Say who asks', answers: { 200: z.unknown() } } as const;
const saysWho = async ({ tenant, identity }: ApiRequest): Promise<ApiAnswer> => ({
  status: 200,
  body: { tenant, identity },
});
const whoami = queryRoute({ ...described, path: '/v1/whoami', read: saysWho });
const open = queryRoute({ ...described, path: '/v1/open', access: 'everyone', read: saysWho });

const raiseTheirs = commandRoute({
  method: 'POST',
  path: '/v1/tenants/{tenant}/counters/{id}/raise',
  summary: "Raise a tenant's counter",
  params: z.object({ tenant: z.string(), id: z.string() }),
  body: z.object({ by: z.number() }),
  answers: { 200: z.unknown() },
  command: ({ params: { tenant, id }, body: { by } }) =>
    commandCall({
      tenant,
      keys: { one: counter.key(id) },
      decide: () => ({ one: [{ type: 'CounterRaised' as const, data: { by } }] }),
      answer: () => ({ status: 200, body: {} }),
    }),
});

const OWN = { tenant: 'globex', user: 'grace', scopes: ['*'] };

/** A context with sessions of its own: the cookie `of=grace` is one that holds. */
const context = {
  name: 'counting',
  version: '1.0.0',
  api: [...api, whoami, open],
  authenticate: async ({ headers: { cookie } }: { headers: { cookie?: string | undefined } }) => {
    if (cookie === undefined) return undefined;
    if (cookie === 'of=grace') return OWN;
    throw new RequestRefused('identity-refused', 'the session does not hold: sign in again');
  },
};

describe('who asks', () => {
  let app: StartedApp;
  let door: FrontDoor;
  let verify: VerifyIdentity | undefined;
  const told: CommandContext[] = [];
  before(async () => {
    door = await startFrontDoor('counting');
    app = await startApp({ context, verify: () => verify });
    const { handle } = app.deps.commands;
    const noting: CommandHandler['handle'] = (command, how) => {
      told.push(how as CommandContext);
      return handle(command, how);
    };
    Object.assign(app.deps.commands, { handle: noting });
  });
  after(async () => {
    await app.stop();
    await door.stop();
  });
  beforeEach(() => {
    verify = identityVerifier(door.issuer, 'counting');
    told.length = 0;
  });

  const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    fetch(app.url + path, { ...init, headers: { 'content-type': 'application/json', ...headers } });
  const bearer = async (token = {}) => ({ authorization: `Bearer ${await door.sign(token)}` });
  const raise = (headers: Record<string, string>) =>
    ask('/v1/counters/one/raise', headers, { method: 'POST', body: '{"by":1}' });

  describe('when the front door signs', () => {
    it('is what it says, and x-tenant counts for nothing', async () => {
      const signed = await bearer({ user: 'ada', key: 'k1', scopes: ['counting:read'] });
      const response = await ask('/v1/whoami', { ...signed, 'x-tenant': 'globex' });
      const identity = { tenant: 'acme-1a2b3c4d', user: 'ada', key: 'k1', scopes: ['counting:read'] };
      assert.deepEqual(await response.json(), { tenant: 'acme-1a2b3c4d', identity });
    });

    it('is refused without it, and nothing is written', async () => {
      for (const headers of [
        {},
        { 'x-tenant': 'acme' },
        { authorization: 'Basic YTpi' },
        { authorization: 'Bearer ' },
      ]) {
        const response = await raise(headers as Record<string, string>);
        assert.equal(response.status, 401);
        assert.equal(response.headers.get('www-authenticate'), 'Bearer');
        assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
        assert.equal((await problemIn(response)).code, 'identity-missing');
      }
      const wrong = await raise(await bearer({ audience: 'ordering' }));
      assert.equal(wrong.status, 401);
      assert.equal((await problemIn(wrong)).code, 'identity-refused');
      assert.equal(told.length, 0);
    });

    it('needs the scope to read and the scope to write', async () => {
      const reader = await bearer({ scopes: ['counting:read', 'ordering:write'] });
      const writer = await bearer({ scopes: ['counting:write'] });
      assert.equal((await ask('/v1/whoami', reader)).status, 200);
      assert.equal((await ask('/v1/whoami', reader, { method: 'HEAD' })).status, 200);
      assert.equal((await raise(writer)).status, 200);
      const refused = await raise(reader);
      assert.equal(refused.status, 403);
      assert.match(refused.headers.get('www-authenticate') ?? '', /insufficient_scope.*counting:write/);
      assert.equal((await problemIn(refused)).code, 'scope-missing');
      assert.equal((await ask('/v1/whoami', writer)).status, 403);
      assert.equal((await ask('/v1/whoami', await bearer({ scopes: [] }))).status, 403);
    });

    it('is written down as the one who did it', async () => {
      await raise(await bearer({ user: 'ada', key: 'k1' }));
      await raise({ ...(await bearer({ key: 'k1' })), 'idempotency-key': crypto.randomUUID() });
      await raise(await bearer());
      assert.deepEqual(
        told.map(({ tenant, actor }) => [tenant, actor]),
        [
          ['acme-1a2b3c4d', 'user/ada'],
          ['acme-1a2b3c4d', 'key/k1'],
          ['acme-1a2b3c4d', undefined],
        ],
      );
    });

    it('is told to wait while the keys cannot be read', async () => {
      const signed = await bearer();
      door.goAway();
      const response = await ask('/v1/whoami', signed);
      door.comeBack();
      assert.equal(response.status, 503);
      assert.equal(response.headers.get('retry-after'), '2');
    });
  });

  describe('when the context has a session', () => {
    it('is whose session it is, whatever else is sent', async () => {
      const response = await ask('/v1/whoami', { cookie: 'of=grace', ...(await bearer()) });
      assert.deepEqual(await response.json(), { tenant: 'globex', identity: OWN });
    });
    it('is refused when the session does not hold', async () => {
      const response = await ask('/v1/whoami', { cookie: 'of=nobody', ...(await bearer()) });
      assert.equal(response.status, 401);
      assert.equal((await problemIn(response)).code, 'identity-refused');
    });
  });

  describe('when the route is for everyone', () => {
    it('is nobody, and nobody is asked', async () => {
      for (const headers of [{}, { cookie: 'of=nobody' }, { authorization: 'Bearer x' }]) {
        const response = await ask('/v1/open', headers as Record<string, string>);
        assert.deepEqual(await response.json(), { tenant: '', identity: { tenant: '', scopes: [] } });
      }
    });
  });

  describe('when there is no front door', () => {
    it('is told so and let in by nothing but a session of the context', async () => {
      verify = undefined;
      for (const headers of [{}, { 'x-tenant': 'acme' }, await bearer()] as Record<string, string>[]) {
        const response = await raise(headers);
        assert.equal(response.status, 503);
        assert.equal((await problemIn(response)).code, 'front-door-missing');
      }
      assert.equal(told.length, 0);
      assert.equal((await ask('/v1/whoami', { cookie: 'of=grace' })).status, 200);
      assert.equal((await ask('/v1/open')).status, 200);
    });
  });

  it('is asked for in the description as it is in fact', async () => {
    type Operation = { security?: unknown };
    const { paths } = (await (await ask('/openapi.json')).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    const raising = paths['/v1/counters/{id}/raise']?.['post'];
    assert.deepEqual(raising?.security, [{ identity: ['counting:write'] }, { session: [] }]);
    assert.equal(paths['/v1/open']?.['get']?.security, undefined);
  });

  describe('on the port of staff', () => {
    let staff: Listening;
    before(async () => {
      const { metrics: _, ...deps } = app.deps;
      const forStaff = { ...context, api: [...context.api, raiseTheirs] };
      staff = await listen(createStaffApp({ ...deps, context: forStaff }), { port: 0, host: '127.0.0.1' });
    });
    after(() => staff.close());
    it('is nobody of no tenant, written down as staff', async () => {
      const url = `http://127.0.0.1:${staff.port}`;
      const who = await fetch(`${url}/v1/whoami`, { headers: { 'x-tenant': 'acme' } });
      assert.deepEqual(await who.json(), { tenant: '', identity: { tenant: '', scopes: [] } });
      const by = (path: string) =>
        fetch(`${url}${path}`, {
          method: 'POST',
          body: '{"by":1}',
          headers: { 'content-type': 'application/json' },
        });
      assert.equal((await by('/v1/tenants/acme/counters/one/raise')).status, 200);
      assert.deepEqual(
        told.map(({ tenant, actor }) => [tenant, actor]),
        [['acme', 'staff']],
      );
      const forNoTenant = await by('/v1/counters/one/raise');
      assert.equal((await problemIn(forNoTenant)).code, 'internal-error');
      assert.equal(told.length, 1);
      const description = await (await fetch(`${url}/openapi.json`)).text();
      assert.doesNotMatch(description, /security/);
    });
  });
});
