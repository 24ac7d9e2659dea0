import { z } from 'zod';
import { SESSION_COOKIE } from '../identity/identity.ts';
import { scopeNeeded } from '../identity/scopes.ts';
import type { ApiContext } from './app.ts';
import { REQUEST_STATUSES } from './errors.ts';
import type { Statuses } from './problem.ts';
import type { Route } from './route.ts';
import type { RestMiddleware } from './state.ts';

type Json = Readonly<Record<string, unknown>>;
type ObjectSchema = {
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
};

/** How a request says whose it is: by what the front door signed, or by a session of the context's own. */
export type Asks = 'identity' | 'session';

const SCHEMES: Readonly<Record<Asks, Json>> = {
  identity: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Signed by the front door, which takes a login key for it.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
    description: "A session of this context's own, of a page in a browser.",
  },
};
const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key within 24 hours answers again what the first request was answered.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};
const PROBLEM: Json = {
  type: 'object',
  description: 'RFC 9457. `code` is stable, `detail` is for people.',
  required: ['type', 'title', 'status', 'code', 'detail', 'instance', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    requestId: { type: 'string' },
  },
};

/** Serves the description, which is made once. */
export const openApi = (context: ApiContext, statuses: Statuses, asks: readonly Asks[]): RestMiddleware => {
  const text = JSON.stringify(describeApi(context, statuses, asks));
  return (ctx) => {
    ctx.state.route = '/openapi.json';
    ctx.set('Content-Type', 'application/json; charset=utf-8');
    ctx.body = text;
  };
};

/** OpenAPI 3.1 of the same schemas that validate. @param asks one of these; nobody is asked where there are none. */
export const describeApi = (
  { name, version, api }: ApiContext,
  statuses: Statuses,
  asks: readonly Asks[],
): Json => {
  const operationOf = (route: Route) =>
    operation(route, statuses, {
      asks: route.access === 'everyone' ? [] : asks,
      scope: scopeNeeded(name, route.method),
    });
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of api) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  const securitySchemes = Object.fromEntries(asks.map((one) => [one, SCHEMES[one]]));
  return {
    openapi: '3.1.0',
    info: { title: name, version },
    paths,
    components: { schemas: { Problem: PROBLEM }, ...(asks.length > 0 && { securitySchemes }) },
  };
};

type Asked = { readonly asks: readonly Asks[]; readonly scope: string };

const operation = (route: Route, statuses: Statuses, { asks, scope }: Asked): Json => ({
  operationId: camelCase(route.summary),
  summary: route.summary,
  ...(asks.length > 0 && { security: asks.map((one) => ({ [one]: one === 'identity' ? [scope] : [] })) }),
  parameters: [
    ...(takesKey(route) ? [IDEMPOTENCY_KEY] : []),
    ...pathParameters(route),
    ...queryParameters(route),
  ],
  ...(route.body ? { requestBody: { required: true, content: content(route.body, 'input') } } : {}),
  responses: { ...answers(route), ...problems(route, statuses, asks) },
});

const pathParameters = (route: Route): Json[] => {
  const properties = route.params ? objectSchema(route.params).properties : undefined;
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    return { name, in: 'path', required: true, schema: properties?.[name] ?? { type: 'string' } };
  });
};

const queryParameters = (route: Route): Json[] => {
  if (route.query === undefined) return [];
  const { properties = {}, required = [] } = objectSchema(route.query);
  return Object.entries(properties).map(([name, schema]) => {
    return { name, in: 'query', required: required.includes(name), schema };
  });
};

const answers = (route: Route): Json =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => {
      const hasBody = !['204', '304'].includes(status);
      return [
        status,
        { description: 'Done.', ...(hasBody ? { content: content(schema, 'output', route.produces) } : {}) },
      ];
    }),
  );

const problems = (route: Route, statuses: Statuses, asks: readonly Asks[]): Json => {
  const codes = [...(asks.length > 0 ? ASKING_CODES : []), ...requestCodes(route), ...(route.refusals ?? [])];
  const all: Statuses = { ...REQUEST_STATUSES, ...statuses };
  const byStatus = Object.groupBy(codes, (code) => String(all[code]));
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, some = []]) => [
      status,
      { description: `${some.join(', ')}.`, content: problem },
    ]),
  );
};

const ASKING_CODES = ['identity-missing', 'identity-refused', 'scope-missing', 'front-door-missing'];

const requestCodes = (route: Route): string[] => [
  ...['invalid-request', 'internal-error', 'temporarily-unavailable'],
  ...(route.does === 'command' ? ['concurrency-conflict'] : []),
  ...(route.body
    ? ['malformed-json', 'json-too-deep', 'forbidden-key', 'body-too-large', 'unsupported-media-type']
    : []),
  ...(takesKey(route) ? ['idempotency-key-malformed', 'idempotency-key-reused'] : []),
  ...(route.holdsSecret ? ['idempotency-key-refused'] : []),
];

const takesKey = (route: Route): boolean =>
  route.does === 'command' && route.method === 'POST' && !route.holdsSecret;

const content = (schema: z.ZodType, io: 'input' | 'output', type = 'application/json'): Json => ({
  [type]: { schema: jsonSchema(schema, io) },
});

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  // OpenAPI 3.1's default dialect is 2020-12; a $schema in every operation would only repeat it.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  });
  return rest;
};

const objectSchema = (schema: z.ZodType) => jsonSchema(schema, 'input') as ObjectSchema;

/** `Place an order` → `placeAnOrder` */
const camelCase = (sentence: string): string =>
  sentence
    .replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase())
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());
