import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { openSampleAccount } from './account.ts';
import { type Answer, type Asked, subscriptionsDouble } from './testing/subscriptions-double.ts';

const KEY = 'cad_sample';
const ANSWERS: Readonly<Record<string, Answer>> = {
  'POST /v1/accounts/acme/owner-invitations': {
    status: 201,
    body: { invitationLink: '/portal/#/invitations/accept?account=acme&token=T-1' },
  },
  'POST /v1/invitations/accept': { status: 200, body: {} },
  'POST /v1/sessions': {
    status: 201,
    body: {},
    headers: { 'set-cookie': 'session=acme.S-1; Path=/; HttpOnly; SameSite=Strict' },
  },
  'GET /v1/keys?limit=200': { status: 200, body: { items: [] } },
  'POST /v1/keys': { status: 201, body: { key: { keyId: 'k-2' }, secret: KEY } },
  'POST /v1/accounts/acme/top-ups': { status: 201, body: {} },
  'GET /api/whoami': { status: 200, body: {} },
};

/** Opens an account where some requests are answered otherwise; answers of a list come one after the other. */
const open = async (overrides: Readonly<Record<string, readonly Answer[]>> = {}) => {
  const times = new Map<string, number>();
  const double = await subscriptionsDouble(({ request }: Asked) => {
    const time = times.get(request) ?? 0;
    times.set(request, time + 1);
    return overrides[request]?.[time] ?? ANSWERS[request] ?? { status: 400, body: { request } };
  });
  const { url, asked } = double;
  const place = { url, adminUrl: url, cloudUrl: url, tenant: 'acme', signal: AbortSignal.timeout(5_000) };
  try {
    return { account: await openSampleAccount(place), asked, url };
  } finally {
    double.close();
  }
};

const first = (asked: readonly Asked[], request: string) => asked.find((one) => one.request === request);

describe('openSampleAccount', () => {
  it('goes the way of a new customer', async () => {
    const { asked } = await open();
    deepEqual(
      asked.map(({ request }) => request),
      Object.keys(ANSWERS),
    );
  });
  it('gives what it takes to come in', async () => {
    const { account, asked, url } = await open();
    const signedIn = first(asked, 'POST /v1/sessions')?.body;
    const { email, password } = account;
    deepEqual(signedIn, { account: 'acme', email, password });
    deepEqual([account.key, account.portalUrl], [KEY, `${url}/portal/`]);
  });
  it('chooses the password by the token of the link', async () => {
    const { account, asked } = await open();
    const accepted = first(asked, 'POST /v1/invitations/accept')?.body;
    deepEqual(accepted, { account: 'acme', token: 'T-1', password: account.password });
  });
  it('asks for the key in the session, as a page would', async () => {
    const { asked } = await open();
    const { cookie, 'x-requested-with': by } = first(asked, 'POST /v1/keys')?.headers ?? {};
    equal(cookie, 'session=acme.S-1');
    match(String(by), /./);
  });
  it('waits until the account is open and the front door knows the key', async () => {
    const { asked } = await open({
      'POST /v1/accounts/acme/top-ups': [{ status: 404 }, { status: 409 }],
      'GET /api/whoami': [{ status: 401 }],
    });
    deepEqual(
      asked.slice(-5).map(({ request }) => request),
      [
        'POST /v1/accounts/acme/top-ups',
        'POST /v1/accounts/acme/top-ups',
        'POST /v1/accounts/acme/top-ups',
        'GET /api/whoami',
        'GET /api/whoami',
      ],
    );
  });
  it('tops up under the same cause each time, so that a kept account is topped up once', async () => {
    const causes = [await open(), await open()].map(
      ({ asked }) => first(asked, 'POST /v1/accounts/acme/top-ups')?.body['cause'],
    );
    match(String(causes[0]), /./);
    equal(causes[0], causes[1]);
  });
  it('deletes the key of the run before, and no other', async () => {
    const items = [
      { keyId: 'k-0', name: 'mine' },
      { keyId: 'k-1', name: 'npm start' },
    ];
    const { asked } = await open({
      'GET /v1/keys?limit=200': [{ status: 200, body: { items } }],
      'DELETE /v1/keys/k-1': [{ status: 204 }],
    });
    deepEqual(
      asked.map(({ request }) => request).filter((one) => one.startsWith('DELETE')),
      ['DELETE /v1/keys/k-1'],
    );
  });
  it('says who refused what, without waiting, when it is refused for good', () =>
    rejects(
      open({ 'POST /v1/sessions': [{ status: 401, body: { code: 'sign-in-refused' } }] }),
      /sample account: .*\/v1\/sessions refuses \(401\): .*sign-in-refused/,
    ));
});
