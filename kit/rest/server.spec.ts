import assert from 'node:assert/strict';
import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import Koa from 'koa';
import { draining } from './draining.ts';
import { listen } from './server.ts';
import type { RestState } from './state.ts';

/** Answers `/slow` when it is let go, anything else at once. */
const slowApp = (isDraining: () => boolean) => {
  const app = new Koa<RestState>();
  const arrived = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  app.use(draining(isDraining));
  app.use(async (ctx) => {
    if (ctx.path === '/slow') {
      arrived.resolve();
      await letGo.promise;
    }
    ctx.body = 'done';
  });
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

  const start = async (isDraining: () => boolean) => {
    const { app, ...rest } = slowApp(isDraining);
    return { ...rest, ...(await listen(app, { port: 0, host: '127.0.0.1' })) };
  };

  it('keeps connections alive until it drains', async () => {
    let isDraining = false;
    const { port, close } = await start(() => isDraining);
    const ask = asking(port);
    const first = await ask('/');
    assert.equal(first.headers.connection, 'keep-alive');
    await text(first);
    isDraining = true;
    const second = await ask('/');
    assert.equal(second.headers.connection, 'close');
    await text(second);
    assert.equal(await close(), true);
  });

  it('answers the request in flight before it closes, and takes no more', async () => {
    let isDraining = false;
    const { port, close, arrived, letGo } = await start(() => isDraining);
    const inFlight = asking(port)('/slow');
    await arrived;
    isDraining = true;
    const closing = close();
    await assert.rejects(asking(port)('/'), { code: 'ECONNREFUSED' });
    letGo();
    const response = await inFlight;
    assert.equal(response.headers.connection, 'close');
    assert.equal(await text(response), 'done');
    assert.equal(await closing, true);
  });

  it('closes idle connections at once', async () => {
    const { port, close } = await start(() => true);
    await text(await asking(port)('/'));
    const started = performance.now();
    assert.equal(await close(), true);
    assert.ok(performance.now() - started < 1_000);
  });

  it('cuts what exceeds the deadline and says so', async () => {
    const { port, close, arrived, letGo } = await start(() => true);
    const cut = asking(port)('/slow');
    await arrived;
    const [closed] = await Promise.all([close(50), assert.rejects(cut)]);
    assert.equal(closed, false);
    letGo();
  });

  it('may be closed twice', async () => {
    const { close } = await start(() => true);
    assert.deepEqual(await Promise.all([close(), close()]), [true, true]);
  });

  it('fails where the port is taken', async () => {
    const { app } = slowApp(() => false);
    const { port, close } = await listen(app, { port: 0, host: '127.0.0.1' });
    await assert.rejects(listen(app, { port, host: '127.0.0.1' }), { code: 'EADDRINUSE' });
    await close();
  });
});
