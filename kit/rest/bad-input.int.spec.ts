import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { problemIn, type StartedApp, startApp } from './testing/started-app.ts';
import { refuseUnparsed } from './unparsed-request.ts';

describe('bad input', () => {
  let app: StartedApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.stop());
  afterEach(async () => {
    assert.equal(await app.eventCount(), 0, 'nothing is written');
    assert.equal(await app.db.collection('counters').countDocuments(), 0);
    assert.equal(await app.db.collection('idempotency_keys').countDocuments(), 0);
  });

  const post = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
    app.send('/v1/counters/one/raise', { method: 'POST', body: body ?? null, headers });

  const refuses = async (response: Response, status: number, code: string) => {
    const problem = await problemIn(response);
    assert.deepEqual([response.status, problem.status, problem.code], [status, status, code]);
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.ok(problem.requestId);
    return problem;
  };

  const nested = (depth: number) => `{"by":1,"in":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

  const bodies: [string, string | Uint8Array<ArrayBuffer>, number, string, string?][] = [
    ['JSON that ends too early', '{"by":', 400, 'malformed-json'],
    ['no JSON at all', 'by=1', 400, 'malformed-json'],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, 'malformed-json'],
    ['33 levels', nested(33), 400, 'json-too-deep'],
    ['half a million levels', '['.repeat(500_000) + ']'.repeat(500_000), 400, 'json-too-deep'],
    ['a __proto__ key', '{"by":1,"__proto__":{"admin":true}}', 400, 'forbidden-key', 'body.__proto__'],
    ['a constructor key', '{"by":1,"a":[{"constructor":{}}]}', 400, 'forbidden-key', 'body.a[0].constructor'],
    ['a prototype key', '{"by":1,"prototype":1}', 400, 'forbidden-key', 'body.prototype'],
    ['an operator for a number', '{"by":{"$gt":0}}', 400, 'forbidden-key', 'body.by.$gt'],
    ['an operator for a string', '{"by":1,"label":{"$ne":""}}', 400, 'forbidden-key', 'body.label.$ne'],
    ['a string for a number', '{"by":"1"}', 400, 'invalid-request'],
    ['an object for a string', '{"by":1,"label":{}}', 400, 'invalid-request'],
    ['a fraction', '{"by":1.5}', 400, 'invalid-request'],
    ['zero', '{"by":0}', 400, 'invalid-request'],
    ['a number beyond all numbers', '{"by":1e999}', 400, 'invalid-request'],
    ['a list', '[]', 400, 'invalid-request'],
    ['null', 'null', 400, 'invalid-request'],
    ['nothing', '', 400, 'invalid-request'],
    ['2 MB', `{"label":"${'x'.repeat(2_000_000)}"}`, 413, 'body-too-large'],
  ];
  for (const body of [
    '{"by":"1","label":"labels are long","password":"pa55"}',
    '[{"secret":"pa55"},{"token":"pa55"}]',
  ]) {
    it(`does not repeat a secret of ${body.slice(0, 20)}…`, async () => {
      const problem = await refuses(await post(body), 400, 'invalid-request');
      assert.equal(JSON.stringify(problem).includes('pa55'), false);
    });
  }

  for (const [what, body, status, code, path] of bodies) {
    it(`answers ${status} ${code} to ${what}`, async () => {
      const problem = await refuses(await post(body), status, code);
      assert.equal(problem.path, path);
    });
  }

  it('passes 32 levels on to validation', async () => {
    const response = await post(nested(32).replace('"by":1', '"by":0'));
    await refuses(response, 400, 'invalid-request');
  });

  it('names each wrong field and what was received, shortened', async () => {
    const { errors } = await refuses(
      await post(`{"by":-1,"label":"${'x'.repeat(500)}"}`),
      400,
      'invalid-request',
    );
    const [by, label] = errors as { path: string; message: string; received: string }[];
    assert.deepEqual([by?.path, by?.received], ['body.by', '-1']);
    assert.equal(label?.path, 'body.label');
    assert.ok((label?.received.length ?? 0) < 100);
  });

  it('names a wrong path or query parameter', async () => {
    const long = await refuses(await app.send(`/v1/counters/${'x'.repeat(41)}`), 400, 'invalid-request');
    assert.match(JSON.stringify(long.errors), /"params\.id"/);
    for (const query of ['limit=0', 'limit=201', 'limit=ten', 'limit=1&limit=2']) {
      await refuses(await app.send(`/v1/counters?${query}`), 400, 'invalid-request');
    }
  });

  it('answers 413 to an endless body once it exceeds the limit, and the answer arrives', async () => {
    const stream = new ReadableStream({
      start: (controller) => {
        for (let i = 0; i < 24; i += 1) controller.enqueue(Buffer.alloc(65_536, 'x'));
        controller.close();
      },
    });
    const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
    await refuses(await app.send('/v1/counters/one/raise', init), 413, 'body-too-large');
  });

  it('survives a client that leaves in the middle of its body', async () => {
    const socket = connect(app.listening.port, '127.0.0.1');
    const head = 'POST /v1/counters/one/raise HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"by"';
    await new Promise<void>((resolve) => socket.write(head, () => resolve()));
    socket.destroy();
    assert.equal((await app.send('/openapi.json')).status, 200);
  });

  const unparsed: [string, string, number, string][] = [
    [
      'a head beyond 16 KB',
      `GET / HTTP/1.1\r\nHost: a\r\nx-long: ${'x'.repeat(20_000)}`,
      431,
      'head-too-large',
    ],
    ['what is not HTTP', 'HELLO', 400, 'malformed-request'],
    ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2', 400, 'malformed-request'],
  ];
  for (const [what, head, status, code] of unparsed) {
    it(`answers ${status} ${code} to ${what}`, async () => {
      const socket = connect(app.listening.port, '127.0.0.1');
      socket.write(`${head}\r\n\r\n`);
      const [answeredHead, body] = (await text(socket)).split('\r\n\r\n');
      assert.match(
        answeredHead ?? '',
        new RegExp(`^HTTP/1\\.1 ${status} .*Content-Type: application/problem\\+json`, 's'),
      );
      assert.equal(JSON.parse(body ?? '').code, code);
    });
  }

  it('answers 408 request-timeout to what does not arrive in time', async () => {
    const [ours, theirs] = duplexPair();
    refuseUnparsed(Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), theirs);
    assert.match(await text(ours), /^HTTP\/1\.1 408 Request Timeout.*"code":"request-timeout"/s);
  });

  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    '',
  ]) {
    it(`answers 415 to content type "${type}"`, async () => {
      await refuses(await post('{"by":1}', { 'content-type': type }), 415, 'unsupported-media-type');
    });
  }

  it('answers 415 to a compressed body, which could hide a large one', async () => {
    await refuses(await post('{"by":1}', { 'content-encoding': 'gzip' }), 415, 'unsupported-media-type');
  });

  it('answers 401 identity-missing where nobody says who asks, whatever tenant a header names', async () => {
    for (const headers of [{}, { 'x-tenant': 'acme' }] as Record<string, string>[])
      await refuses(await fetch(`${app.url}/v1/counters/one`, { headers }), 401, 'identity-missing');
  });

  for (const key of ['', 'a\tb', 'x'.repeat(256), 'schlüssel']) {
    it(`answers 400 to the idempotency key ${JSON.stringify(key.slice(0, 12))}`, async () => {
      await refuses(await post('{"by":1}', { 'idempotency-key': key }), 400, 'idempotency-key-malformed');
    });
  }
});
