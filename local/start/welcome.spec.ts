import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { commandsToCopy } from './commands-to-copy.ts';
import { type Welcome, welcomeText } from './welcome.ts';

const account = {
  account: 'acme',
  email: 'ada@acme.example',
  password: 'said once',
  key: 'cad_0123456789abcdefghijABCDEFGHIJ000000',
  cloudUrl: 'http://127.0.0.1:7005',
  portalUrl: 'http://127.0.0.1:7004/portal/',
};

const endpoints = ['catalog', 'ordering', 'shipping', 'subscriptions', 'cloud', 'relay-1'].map(
  (name, index) => ({
    name,
    url: `http://127.0.0.1:${7_001 + index}`,
    adminUrl: `http://127.0.0.1:${7_101 + index}`,
  }),
);

const aWelcome = (overrides: Partial<Welcome> = {}): Welcome => ({
  endpoints,
  mongodbUri: 'mongodb://127.0.0.1:27017',
  redisUrl: 'redis://127.0.0.1:6379',
  tenant: 'acme',
  logs: '/logs',
  products: 216,
  seconds: 3.21,
  account,
  ...overrides,
});

const commands = commandsToCopy(account).map(({ command }) => command);

describe('the welcome', () => {
  it('has each command on a line of its own, to be copied as it stands', () => {
    const lines = welcomeText(aWelcome()).split('\n');
    for (const command of commands) ok(lines.includes(command), command);
  });
  it('says how long it took and where everything is', () => {
    const text = welcomeText(aWelcome());
    match(text, /Ready in 3\.2 s; 216 products are on sale for the tenant acme/);
    match(text, /ordering +http:\/\/127\.0\.0\.1:7002 .* admin http:\/\/127\.0\.0\.1:7102/);
    match(text, /relay-1 +no API/);
    match(text, /cloud +http:\/\/127\.0\.0\.1:7005\/api\/<context>/);
  });

  it('sets the key first and then orders through the front door alone', () => {
    const [key = '', ...others] = commands;
    equal(key, `KEY=${account.key}`);
    deepEqual(
      others.map((one) => /http:\/\/127\.0\.0\.1:7005(\/api\/\S+?)[ ?"]/.exec(one)?.[1]),
      [
        '/api/whoami',
        '/api/catalog/v1/products/indigo-teapot',
        '/api/ordering/v1/orders',
        '/api/shipping/v1/shipments',
        '/api/usage',
      ],
    );
  });
  it('names no tenant, and the key in one place', () => {
    equal(/x-tenant/.test(commands.join('\n')), false);
    equal(welcomeText(aWelcome()).split(account.key).length, 2);
  });
  it('says how to sign in to the portal', () => {
    const text = welcomeText(aWelcome());
    for (const said of [account.portalUrl, account.email, account.password]) ok(text.includes(said));
  });
});
