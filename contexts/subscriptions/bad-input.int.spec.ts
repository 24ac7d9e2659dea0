import { deepEqual, equal, ok } from 'node:assert/strict';
import { z } from 'zod';
import { type ServedContext, serveContext } from '../../kit/context/testing/serve-context.ts';
import type { Route } from '../../kit/rest/route.ts';
import { subscriptions } from './context.ts';
import { ACME, type Person, peopleOf } from './testing/people.ts';

type Schema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

const schemaOf = (type: z.ZodType | undefined): Schema =>
  type === undefined ? {} : (z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as Schema);

/** What is right everywhere, so that what is wrong is the only thing that is. */
const RIGHT: Readonly<Record<string, unknown>> = {
  account: ACME,
  amount: 1,
  cause: 'r1',
  email: 'new@example.com',
  expiresAt: '2099-01-01T00:00:00Z',
  graceSeconds: 0,
  name: 'N',
  note: 'n',
  password: 'correct horse battery',
  period: '2026-01',
  plan: 'starter',
  reason: 'r',
  role: 'owner',
  scopes: ['*'],
  subscriptionId: 's1',
  token: 'T'.repeat(43),
};
const LONG = 'x'.repeat(30_000);
const OF_ALL_TYPES = [null, {}, [[]], { $text: 1 }, true, 1.5, Number.MAX_SAFE_INTEGER + 1, LONG, '\ud800'];

/** Values that no field of that schema takes. */
const wrongFor = (schema: Schema): unknown[] => {
  if (schema.enum !== undefined) return [...OF_ALL_TYPES, '', 'OWNER'];
  switch (schema.type) {
    case 'string':
      return [null, {}, [], true, 7, LONG, ...(schema.minLength ? [''] : [])];
    case 'integer':
      return [
        ...OF_ALL_TYPES,
        '1',
        -(2 ** 53),
        ...(schema.minimum === undefined ? [] : [schema.minimum - 1]),
      ];
    case 'array':
      return [...OF_ALL_TYPES, [], [null], ['a', 'a'], Array(1_000).fill('*')];
    default:
      throw new Error(`no wrong values are known for ${JSON.stringify(schema)}`);
  }
};

const bodiesFor = ({ body }: Route): unknown[] => {
  const { properties = {}, required = [] } = schemaOf(body);
  const right = Object.fromEntries(Object.keys(properties).map((name) => [name, RIGHT[name]]));
  const without = (name: string) => Object.fromEntries(Object.entries(right).filter(([one]) => one !== name));
  return [
    ...[null, [], 'text', 7, [right], { ...right, more: 1 }],
    ...required.map(without),
    ...Object.entries(properties).flatMap(([name, schema]) =>
      wrongFor(schema).map((wrong) => ({ ...right, [name]: wrong })),
    ),
  ];
};

const IDS = ['UPPER', 'a b', 'ü', '\0', "'", '$ne', '2026-13', '-', 'x'.repeat(300), '🧾'];
const rightPath = (path: string): string => {
  const id = path.includes('/users/') ? 'a'.repeat(26) : '0190a5e0-0000-7000-8000-000000000000';
  return path.replace('{account}', ACME).replace('{id}', path.includes('/invoices/') ? '2026-01' : id);
};
const pathsFor = ({ path }: Route): string[] =>
  [...path.matchAll(/\{\w+\}/g)].flatMap(([name]) =>
    IDS.map((id) => rightPath(path.replace(name, encodeURIComponent(id)))),
  );

const queriesFor = ({ query }: Route): string[] => {
  if (query === undefined) return [];
  const names = Object.keys(schemaOf(query).properties ?? {});
  return [
    ...names.flatMap((name) => ['', '-1', '1.5', 'x', '2026-13', 'ü'].map((wrong) => `${name}=${wrong}`)),
    ...names.map((name) => `${name}=1&${name}=2`),
    ...[`limit[$gt]=1`, `more=1`, `${names[0]}=${'9'.repeat(3_000)}`],
  ];
};

describe('bad input', () => {
  let served: ServedContext;
  let ada: Person;
  before(async () => {
    served = await serveContext({ ...subscriptions, projections: [] });
    ada = await peopleOf(served).firstOwner();
  });
  after(() => served.stop());

  const codes = new Set(['invalid-request', 'invalid-cursor', 'forbidden-key']);
  const refused = async (ask: () => ReturnType<Person['ask']>, what: string) => {
    const { status, body, headers } = await ask();
    const said = `${what}: ${status} ${JSON.stringify(body)}`;
    deepEqual([status, body['status'], codes.has(String(body['code']))], [400, 400, true], said);
    ok(body.requestId, said);
    ok(String(body['detail']).length < 400, said);
    equal(headers.get('content-type')?.startsWith('application/problem+json'), true, said);
  };

  const all = [
    ...subscriptions.api.map((route) => ({ route, staff: false })),
    ...(subscriptions.staff ?? []).map((route) => ({ route, staff: true })),
  ];
  for (const { route, staff } of all) {
    const { method, path } = route;
    const bodies = route.body === undefined ? [] : bodiesFor(route);
    if (path.endsWith('/corrections')) bodies.push({ amount: 0, cause: 'r1', note: 'n' });
    const urls = [...pathsFor(route), ...queriesFor(route).map((query) => `${path}?${query}`)];
    if (bodies.length + urls.length === 0) continue;
    it(`${method} ${path} says what is wrong, and writes nothing`, async () => {
      const ask = (url: string, body?: unknown) =>
        staff
          ? served.ask(`${method} ${url}`, {
              staff,
              ...(body !== undefined && { body: JSON.stringify(body) }),
            })
          : ada.ask(`${method} ${url}`, body === undefined ? undefined : JSON.stringify(body));
      const before = await served.documentCount();
      for (const body of bodies)
        await refused(() => ask(rightPath(path), body), JSON.stringify(body).slice(0, 300));
      for (const url of urls) await refused(() => ask(url, bodies.length > 0 ? {} : undefined), url);
      equal(await served.documentCount(), before);
    });
  }

  it('is not what people are called: names come back as they were', async () => {
    for (const name of ['Zoë', '你好', '🧾', 'שלום', 'O’Neill <b>', '{{x}}', '$ne', '=1+1']) {
      const { status, body } = await ada.ask('POST /v1/keys', { name, scopes: ['*', '*'] });
      equal(status, 201);
      const { name: answered, scopes } = body['key'] as { name: string; scopes: string[] };
      deepEqual([answered, scopes], [name, ['*']]);
    }
  });
});
