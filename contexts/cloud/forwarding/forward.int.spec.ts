import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { get } from '../testing/landscape.ts';
import { openDoor } from './testing/open-door.ts';

describe('forward', function () {
  this.timeout(20_000);
  const closing: (() => Promise<unknown>)[] = [];
  const doorTo = async (context: RequestListener) => {
    const door = await openDoor(context);
    closing.push(door.close);
    return door;
  };
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

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
