import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { whoami } from './doors.ts';
import { type HammerPlan, hammered, startHammer } from './hammer.ts';

describe('a hammer', function () {
  this.timeout(30_000);
  let server: Server;
  let plan: HammerPlan;
  let asked = 0;
  let most = 0;
  beforeEach(async () => {
    [asked, most] = [0, 0];
    let underWay = 0;
    server = createServer((request, response) => {
      asked += 1;
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        response.statusCode = request.headers.authorization === 'Bearer good' ? 200 : 401;
        response.end('{}');
      }, 5);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    plan = { url, requests: [whoami('good').toString()], connections: 8, seconds: 1 };
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('counts what is answered, one request at a time on each connection', async () => {
    const { answered, others } = await hammered(plan);
    assert.deepEqual([answered, others], [asked, {}]);
    assert.ok(answered > 0 && most <= 8, `${most} at once`);
  });
  it('begins no more in a second than it was told', async () => {
    const { answered } = await hammered({ ...plan, perSecond: 20 });
    assert.ok(answered > 0 && answered <= 20, `${answered} answered`);
  });
  it('says what was answered otherwise', async () => {
    const requests = [whoami('bad').toString()];
    const { answered, others } = await startHammer({ ...plan, requests }).result;
    assert.deepEqual([answered, others], [0, { 401: asked }]);
    await assert.rejects(hammered({ ...plan, requests }));
  });
});
