import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { servePortal } from '../serve-portal.ts';

/** What the stand-in holds; a spec changes it as the context would. */
export type World = {
  isSignedIn: boolean;
  takesCommands: boolean;
  requestsToday: number;
  /** What was sent, such as `POST /v1/keys`, with the header that commands need. */
  readonly commands: { readonly call: string; readonly header: unknown; readonly body: unknown }[];
  keys: Record<string, unknown>[];
};

export type StandIn = { readonly url: string; readonly world: World; close(): Promise<void> };

export const SECRET = `cad_${'A'.repeat(36)}`;
export const PASSWORD = 'correct horse battery';

const now = new Date().toISOString();
const today = now.slice(0, 10);

const aKey = (name: string) => ({
  keyId: name,
  userId: 'u',
  name,
  scopes: ['*'],
  disabled: false,
  createdAt: now,
});

const me = { userId: 'u', email: 'ada@example.org', name: 'Ada', role: 'owner', account: 'acme' };

const account = {
  ...{ account: 'acme', displayName: 'Acme', status: 'locked', lockReasons: ['overdraft'], plan: 'small' },
  balance: { amount: -1234, currency: 'EUR' },
  subscriptions: [{ subscriptionId: 'main', name: 'main', plan: 'small', state: 'Active' }],
};

const plan = (name: string, basePerMonth: number) => ({
  plan: name,
  displayName: name,
  prices: { currency: 'EUR', basePerMonth, perUnit: { requests: 1 }, included: { requests: 1000 } },
});

/** Rows of the days before, so that a chart has something to show. */
const days = (world: World) =>
  Array.from({ length: Number(today.slice(8)) }, (_, index) => {
    const day = `${today.slice(0, 8)}${String(index + 1).padStart(2, '0')}`;
    return { day, units: { requests: day === today ? world.requestsToday : 400 + ((index * 137) % 900) } };
  });

const consumption = (world: World) => {
  const all = days(world);
  return { days: all, totals: { requests: all.reduce((sum, { units }) => sum + units.requests, 0) } };
};

const answers = (world: World): Record<string, () => unknown> => ({
  'GET /v1/me': () => me,
  'GET /v1/account': () => account,
  'GET /v1/users': () => ({ items: [{ ...me, status: 'active' }] }),
  'GET /v1/keys': () => ({ items: world.keys }),
  'GET /v1/ledger': () => ({
    items: [
      { entryId: '2', type: 'Charged', cause: 'window/1', amount: -2234, balance: -1234, at: now },
      { entryId: '1', type: 'ToppedUp', cause: 'card', amount: 1000, balance: 1000, at: now },
    ],
  }),
  'GET /v1/consumption': () => consumption(world),
  'GET /v1/invoices': () => ({
    items: [{ id: '2026-10', period: '2026-10', status: 'paid', number: 'A-1', total: account.balance }],
  }),
  'GET /v1/plans': () => ({ items: [plan('small', 900), plan('large', 9900)] }),
  'POST /v1/users': () => ({
    user: { ...me, name: 'Bob', status: 'invited' },
    invitationLink: '/portal/#/invitations/accept?account=acme&token=t0k3n',
  }),
  'POST /v1/account/plan-change': () => ({ status: 'requested' }),
  'DELETE /v1/sessions/current': () => {
    world.isSignedIn = false;
  },
  'POST /v1/invitations/accept': () => {
    world.isSignedIn = true;
    return { account: 'acme', userId: 'u' };
  },
});

type Answer = { readonly status: number; readonly body?: unknown };

const signIn = (world: World, { password }: { password?: string }): Answer => {
  world.isSignedIn = password === PASSWORD;
  if (world.isSignedIn) return { status: 201, body: { account: 'acme', userId: 'u' } };
  return { status: 401, body: { code: 'sign-in-refused', detail: 'Account, e-mail or password is wrong.' } };
};

const keyCall = (world: World, call: string, body: { name?: string }): Answer => {
  const [, id = '', action] = /^\w+ \/v1\/keys\/([\w-]+)\/?(\w+)?/.exec(call) ?? [];
  if (call === 'POST /v1/keys') {
    const key = aKey(body.name ?? '');
    world.keys.push(key);
    return { status: 201, body: { key, secret: SECRET } };
  }
  if (call.startsWith('DELETE')) {
    world.keys = world.keys.filter(({ keyId }) => keyId !== id);
    return { status: 204 };
  }
  if (action === 'rotate') return { status: 200, body: { key: aKey(id), secret: SECRET } };
  world.keys = world.keys.map((key) =>
    key['keyId'] === id ? { ...key, disabled: action === 'disable' } : key,
  );
  return { status: 200, body: aKey(id) };
};

const OPEN = new Set(['POST /v1/sessions', 'POST /v1/invitations/accept']);

const answerTo = async (world: World, request: IncomingMessage): Promise<Answer> => {
  const call = `${request.method} ${(request.url ?? '').split('?')[0]}`;
  const sent = await text(request);
  const body = sent === '' ? {} : (JSON.parse(sent) as Record<string, string>);
  if (request.method !== 'GET') {
    if (!world.takesCommands) return { status: 503 };
    world.commands.push({ call, header: request.headers['x-requested-with'], body });
  }
  if (call === 'POST /v1/sessions') return signIn(world, body);
  if (!world.isSignedIn && !OPEN.has(call)) return { status: 401, body: { code: 'signed-out', detail: '' } };
  if (/^(POST|DELETE) \/v1\/keys/.test(call)) return keyCall(world, call, body);
  const known = answers(world)[call];
  return known ? { status: 200, body: known() } : { status: 404, body: { detail: `no ${call}` } };
};

/** A double of our own context alone, until the portal's spec can start the real one. */
export const startStandIn = async (): Promise<StandIn> => {
  const world: World = {
    ...{ isSignedIn: false, takesCommands: true, requestsToday: 250, commands: [] },
    keys: [aKey('deploy')],
  };
  const portal = servePortal();
  const server = createServer((request, response) => {
    if (portal(request, response)) return;
    void answerTo(world, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
