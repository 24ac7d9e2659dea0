import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import Koa from 'koa';
import { pino } from 'pino';
import { Agent } from 'undici';
import { problemJson } from '../../../kit/rest/problem-json.ts';
import type { DoorState } from '../door/state.ts';
import { statuses } from '../errors.ts';
import type { Count } from '../metering/groups.ts';
import { get, listening } from '../testing/landscape.ts';
import { forward } from './forward.ts';

const caller = {
  tenant: 'acme-1a2b3c4d',
  keyId: 'k1',
  userId: 'ada',
  scopes: ['*'],
  isDisabled: false,
  expiresAt: Number.POSITIVE_INFINITY,
};

describe('forward', function () {
  this.timeout(20_000);
  const closing: (() => Promise<unknown>)[] = [];
  const serving = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener);
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    return listening(server);
  };
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  const doorTo = async (listener: RequestListener) => {
    const origin = await serving(listener);
    const agent = new Agent({ headersTimeout: 500, bodyTimeout: 500 });
    closing.push(() => agent.destroy());
    const counted: Count[] = [];
    const meter = {
      count: async (counts: readonly Count[]) => void counted.push(...counts),
      close: async () => {},
    };
    const app = new Koa<DoorState>();
    app.use((ctx, next) => {
      Object.assign(ctx.state, { caller, requestId: 'r1' });
      return next();
    });
      app.use(problemJson(statuses, pino({ level: 'silent' })));
      app.use(forward({ agent, meter, sign: async () => 'signed', place: () => ({ origin, base: '/base' }) }));
    return { url: await serving(app.callback()), counted };
  };

  it('gives up on a context that does not answer, and counts nothing', async () => {
    const { url, counted } = await doorTo(() => undefined);
    const { status, body } = await get(`${url}/api/ordering/v1/orders`);
    assert.deepEqual([status, body['code']], [504, 'context-too-slow']);
    assert.deepEqual(counted, []);
  });
  it('keeps path, query, status and headers', async () => {
    const { url } = await doorTo((request, response) => {
      const { url: path, headers } = request;
      response.writeHead(418, { 'x-own': '1' }).end(JSON.stringify({ path, by: headers.authorization }));
    });
    const { status, headers, body } = await get(`${url}/api/ordering/a%20b?c=d%2F`);
    assert.deepEqual([status, headers.get('x-own')], [418, '1']);
    assert.deepEqual(body, { path: '/base/a%20b?c=d%2F', by: 'Bearer signed' });
  });
  it('answers what has no body', async () => {
    const { url, counted } = await doorTo((_, response) => void response.writeHead(204).end());
    assert.equal((await get(`${url}/api/ordering/x`, undefined, { method: 'DELETE' })).status, 204);
    const { status, headers } = await get(`${url}/api/ordering/x`, undefined, { method: 'HEAD' });
    assert.deepEqual([status, headers.get('content-length')], [204, null]);
    assert.deepEqual(new Set(counted.map(({ meter }) => meter)), new Set(['requests']));
  });
});
