import assert from 'node:assert/strict';
import { z } from 'zod';
import { describeApi } from './openapi.ts';
import { queryRoute } from './route.ts';
import { api, statuses } from './testing/counter.ts';

type Parameter = { name: string; in: string; required: boolean; schema: Record<string, unknown> };
type Content = Record<string, { schema: Record<string, unknown> }>;
type Operation = {
  operationId: string;
  security?: unknown;
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, unknown>;
    securitySchemes?: Record<string, { type: string; scheme?: string; in?: string }>;
  };
};

describe('describeApi', () => {
  const context = { name: 'counting', version: '1.2.3', api };
  const document = describeApi(context, statuses, ['identity', 'session']) as unknown as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const operationOf = (method: string, path: string): Operation => {
    const found = document.paths[path]?.[method];
    assert.ok(found, `${method} ${path} is described`);
    return found;
  };
  const names = ({ parameters }: Operation) => parameters.map(({ name }) => name);

  it('names the type of answers that are not JSON', () => {
    const page = queryRoute({
      method: 'GET',
      path: '/v1/page',
      summary: 'Show a page',
      answers: { 200: z.string() },
      produces: 'text/html',
      read: async () => ({ status: 200, body: '<p>' }),
    });
    const described = describeApi({ ...context, api: [page] }, statuses, []) as unknown as Document;
    const { content } = described.paths['/v1/page']?.['get']?.responses['200'] ?? {};
    assert.deepEqual(Object.keys(content ?? {}), ['text/html']);
  });

  it('says what it is', () => {
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(document.info, { title: 'counting', version: '1.2.3' });
  });

  it('describes every route once', () => {
    assert.equal(operations.length, api.length);
    assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, api.length);
  });

  it('asks for what the front door signed, or for a session of the context', () => {
    const { securitySchemes = {} } = document.components;
    assert.deepEqual(
      Object.entries(securitySchemes).map(([name, { type, scheme, in: where }]) => [
        name,
        type,
        scheme ?? where,
      ]),
      [
        ['identity', 'http', 'bearer'],
        ['session', 'apiKey', 'cookie'],
      ],
    );
    for (const { method, operation } of operations) {
      const scope = method === 'get' ? 'counting:read' : 'counting:write';
      assert.deepEqual(operation.security, [{ identity: [scope] }, { session: [] }]);
      assert.match(operation.responses['401']?.description ?? '', /identity-missing, identity-refused/);
      assert.match(operation.responses['503']?.description ?? '', /front-door-missing/);
    }
  });

  it('asks nobody where nobody is to be asked', () => {
    const staff = describeApi(context, statuses, []) as unknown as Document;
    assert.doesNotMatch(JSON.stringify(staff), /security|identity/);
    const [route] = api;
    assert.ok(route);
    const open = describeApi({ ...context, api: [{ ...route, access: 'everyone' }] }, statuses, ['identity']);
    assert.doesNotMatch(JSON.stringify(open['paths']), /security|identity/);
  });

  it('has a key for POST commands alone', () => {
    for (const { method, operation } of operations) {
      assert.equal(names(operation).includes('Idempotency-Key'), method === 'post');
    }
  });

  it('describes the path parameters that the template has', () => {
    for (const { path, operation } of operations) {
      const inPath = operation.parameters.filter((one) => one.in === 'path');
      assert.deepEqual(
        inPath.map(({ name }) => `{${name}}`),
        path.match(/\{\w+\}/g) ?? [],
      );
      for (const parameter of inPath) assert.equal(parameter.required, true);
    }
    assert.equal(operationOf('get', '/v1/counters/{id}').parameters.at(-1)?.schema['maxLength'], 40);
  });

  it('describes query parameters with their limits', () => {
    const [limit, after] = operationOf('get', '/v1/counters').parameters;
    assert.deepEqual([limit?.name, limit?.in, limit?.required], ['limit', 'query', false]);
    assert.deepEqual(
      [limit?.schema['minimum'], limit?.schema['maximum'], limit?.schema['default']],
      [1, 200, 50],
    );
    assert.deepEqual([after?.name, after?.schema['type']], ['after', 'string']);
  });

  it('describes bodies by the schemas that validate them', () => {
    const schema = operationOf('post', '/v1/counters/{id}/raise').requestBody?.content['application/json']
      ?.schema;
    assert.deepEqual(schema?.['required'], ['by']);
    assert.equal(schema?.['type'], 'object');
  });

  it('describes good answers and problems by status, with their codes', () => {
    const { responses } = operationOf('post', '/v1/counters/{id}/raise');
    assert.ok(responses['200']?.content?.['application/json']);
    assert.match(responses['409']?.description ?? '', /counter-full/);
    assert.match(responses['400']?.description ?? '', /invalid-request/);
    const problem = responses['409']?.content?.['application/problem+json']?.schema;
    assert.deepEqual(problem, { $ref: '#/components/schemas/Problem' });
    assert.ok(document.components.schemas['Problem']);
  });

  it('resolves all of its references', () => {
    for (const [, reference = ''] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      assert.equal(reference, '#/components/schemas/Problem');
    }
  });
});
