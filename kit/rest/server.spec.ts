import assert from 'node:assert/strict';
import { Agent, get, type IncomingMessage, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Listener, listen } from './server.ts';

/** Answers `/slow` when it is let go, anything else at once; with `?explicit` it writes the head by hand. */
const slowApp = () => {
  const arrived = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  const answer: RequestListener = async ({ url = '' }, response) => {
    if (url.startsWith('/slow')) {
      arrived.resolve();
      await letGo.promise;
    }
    if (url.endsWith('?explicit')) response.writeHead(200, { 'x-explicit': '1' });
    response.end('done');
  };
  const app: Listener = { callback: () => answer };
  return { app, arrived: arrived.promise, letGo: letGo.resolve };
};

describe('listen', () => {
  const agents: Agent[] = [];
  afterEach(() => {
    for (const agent of agents.splice(0)) agent.destroy();
  });

  const asking = (port: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    agents.push(agent);
    return (path: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        get({ host: '127.0.0.1', port, path, agent }, resolve).on('error', reject);
      });
  };

  const start = async () => {
    const { app, ...rest } = slowApp();
    return { ...rest, ...(await listen(app, { port: 0, host: '127.0.0.1' })) };
  };

  it('keeps connections alive', async () => {
    const { port, close } = await start();
    const ask = asking(port);
    for (const _ of ['first', 'second']) {
      const answer = await ask('/');
      assert.equal(answer.headers.connection, 'keep-alive');
      await text(answer);
    }
    assert.equal(await close(), true);
  });

  for (const path of ['/slow', '/slow?explicit']) {
    it(`answers ${path} in flight before it closes, as the last on its connection, and takes no more`, async () => {
      const { port, close, arrived, letGo } = await start();
      const inFlight = asking(port)(path);
      await arrived;
      const closing = close();
      await assert.rejects(asking(port)('/'), { code: 'ECONNREFUSED' });
      letGo();
      const response = await inFlight;
      assert.equal(response.headers.connection, 'close');
      assert.equal(response.headers['x-explicit'], path === '/slow' ? undefined : '1');
      assert.equal(await text(response), 'done');
      assert.equal(await closing, true);
    });
  }

  it('closes idle connections at once', async () => {
    const { port, close } = await start();
    await text(await asking(port)('/'));
    const started = performance.now();
    assert.equal(await close(), true);
    assert.ok(performance.now() - started < 1_000);
  });

  it('cuts what exceeds the deadline and says so', async () => {
    const { port, close, arrived, letGo } = await start();
    const cut = asking(port)('/slow');
    await arrived;
    const [closed] = await Promise.all([close(50), assert.rejects(cut)]);
    assert.equal(closed, false);
    letGo();
  });

  it('may be closed twice', async () => {
    const { close } = await start();
    assert.deepEqual(await Promise.all([close(), close()]), [true, true]);
  });

  it('fails where the port is taken', async () => {
    const { app } = slowApp();
    const { port, close } = await listen(app, { port: 0, host: '127.0.0.1' });
    await assert.rejects(listen(app, { port, host: '127.0.0.1' }), { code: 'EADDRINUSE' });
    await close();
  });
});
