import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { get, until } from '../testing/landscape.ts';
import { openDoor } from './testing/open-door.ts';

const LARGE = 12_000_000;

describe('forwarding what is odd', function () {
  this.timeout(30_000);
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });
  const doorTo = async (context: RequestListener) => {
    const door = await openDoor(context);
    closing.push(door.close);
    return door;
  };
  /** A connection by hand: what is written leaves as it is. */
  const connected = async (url: string) => {
    const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1');
    closing.push(() => socket.destroy());
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    const got = { text: '' };
    socket.on('data', (data) => {
      got.text += data.toString('latin1');
    });
    return { socket, got, has: (text: string) => until(async () => got.text.includes(text)) };
  };
  /** The status of the answer, and the path that reached the context. */
  const askFor = async (target: string) => {
    const paths: (string | undefined)[] = [];
    const { url } = await doorTo((request, response) => {
      paths.push(request.url);
      response.end('{}');
    });
    const { socket, got, has } = await connected(url);
    socket.write(`GET ${target} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await has('\r\n\r\n');
    return `${got.text.slice(9, 12)} ${paths}`;
  };

  describe('a path', () => {
    for (const [target, expected] of [
      ['/api/ordering', '200 /base/'],
      ['/api/ordering/', '200 /base/'],
      ['/api/ordering/v1/', '200 /base/v1/'],
      ['/api/ordering//v1', '200 /base//v1'],
      ['/api/ordering/a%2Fb%20c?d=/../e', '200 /base/a%2Fb%20c?d=/../e'],
      ['/api/ordering/...', '200 /base/...'],
      ['/api/ordering/.well-known/x', '200 /base/.well-known/x'],
      ['http://elsewhere.example/api/ordering/v1?x=1', '200 /base/v1?x=1'],
      ['/api/ordering/..', '400 '],
      ['/api/ordering/../shipping/v1', '400 '],
      ['/api/ordering/v1/./x', '400 '],
      ['/api/ordering/%2e%2E/x', '400 '],
      ['/api/ordering/.%2e/x', '400 '],
      ['/api/ordering/v1\\..\\x', '400 '],
      ['/api/../ordering/v1', '404 '],
      ['/api/', '404 '],
      ['/api/Ordering/v1', '404 '],
      ['/api/ordering%2Fv1', '404 '],
    ] as const) {
      it(`${target} is answered ${expected}`, async () => assert.equal(await askFor(target), expected));
    }
  });

  it('answers HEAD with the length of what GET would bring, and no body', async () => {
    const { url, counted } = await doorTo((_, response) => {
      response.setHeader('content-length', '70000').end();
    });
    const { headers } = await get(`${url}/api/ordering/x`, undefined, { method: 'HEAD' });
    assert.equal(headers.get('content-length'), '70000');
    assert.deepEqual(
      counted.map(({ meter }) => meter),
      ['requests'],
    );
  });
  it('asks for the body of who waits to be asked for it', async () => {
    const { url } = await doorTo((request, response) => void request.pipe(response));
    const { socket, has } = await connected(url);
    socket.write(
      'POST /api/ordering/x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n',
    );
    await has('HTTP/1.1 100 Continue');
    socket.write('hello');
    await has('hello');
  });
  it('answers who wants to upgrade as if they did not', async () => {
    const upgrades: unknown[] = [];
    const { url } = await doorTo((request, response) => {
      upgrades.push(request.headers.upgrade, request.headers['sec-websocket-key']);
      response.end('plain');
    });
    const { socket, got, has } = await connected(url);
    socket.write(
      'GET /api/ordering/x HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n',
    );
    await has('plain');
    assert.ok(got.text.startsWith('HTTP/1.1 200'));
    assert.deepEqual(upgrades, [undefined, undefined]);
  });
  it('streams large bodies both ways at once, and counts what came back', async () => {
    const { url, counted } = await doorTo((request, response) => void request.pipe(response));
    const body = Buffer.alloc(LARGE, 'abcdefghijk');
    const response = await fetch(`${url}/api/ordering/x`, { method: 'POST', body });
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    assert.equal(hash(new Uint8Array(await response.arrayBuffer())), hash(body));
    const bytes = counted.filter(({ meter }) => meter === 'bytes').reduce((sum, { units }) => sum + units, 0);
    assert.equal(bytes, LARGE);
  });
  it('keeps every byte of a short body', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const { url } = await doorTo((_, response) => void response.setHeader('content-length', '256').end(all));
    const response = await fetch(`${url}/api/ordering/x`);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), all);
  });

  describe('when the client goes away', () => {
    it('lets a context go that has not answered yet', async () => {
      let isGone = false;
      let isAsked = false;
      const { url, counted } = await doorTo((_, response) => {
        isAsked = true;
        response.on('close', () => {
          isGone = true;
        });
      });
      const { socket } = await connected(url);
      socket.write('GET /api/ordering/x HTTP/1.1\r\nhost: x\r\n\r\n');
      await until(async () => isAsked);
      socket.destroy();
      await until(async () => isGone);
      assert.deepEqual(counted, []);
    });
    it('lets a context go in the middle of its answer', async () => {
      let answering: ServerResponse | undefined;
      const { url } = await doorTo((_, response) => {
        answering = response;
        response.write(Buffer.alloc(200_000));
      });
      const { socket, has } = await connected(url);
      socket.write('GET /api/ordering/x HTTP/1.1\r\nhost: x\r\n\r\n');
      await has('200 OK');
      socket.destroy();
      await until(async () => answering?.destroyed === true);
    });
    it('breaks its upload off at the context', async () => {
      let isBroken = false;
      let isAsked = false;
      const { url } = await doorTo((request) => {
        isAsked = true;
        request.resume().on('error', () => {
          isBroken = true;
        });
      });
      const { socket } = await connected(url);
      socket.write('POST /api/ordering/x HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc');
      await until(async () => isAsked);
      socket.destroy();
      await until(async () => isBroken);
    });
  });

  describe('when the context', () => {
    const failing = async (context: RequestListener, method = 'GET') => {
      const { url, counted } = await doorTo(context);
      const { status, body } = await get(`${url}/api/ordering/x`, undefined, { method });
      assert.deepEqual(counted, []);
      return [status, body['code']];
    };
    it('dies within a short body, it has failed and nothing is counted', async () => {
      const answer = await failing((_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('abc', () => response.destroy());
      });
      assert.deepEqual(answer, [502, 'context-failed']);
    });
    it('stops within a short body, it was too slow', async () => {
      const answer = await failing((_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('abc');
      });
      assert.deepEqual(answer, [504, 'context-too-slow']);
    });
    it('answers what is no HTTP, it has failed', async () => {
      const answer = await failing(({ socket }) => void socket.end('no HTTP\r\n\r\n'), 'POST');
      assert.deepEqual(answer, [502, 'context-failed']);
    });
    it('breaks off what only reads, it is asked once more', async () => {
      let asked = 0;
      const { url } = await doorTo((request, response) => {
        asked += 1;
        if (asked === 1) request.socket.destroy();
        else response.end('{}');
      });
      assert.equal((await get(`${url}/api/ordering/x`)).status, 200);
      assert.equal(asked, 2);
    });
    it('says early that it will answer, that is not taken for the answer', async () => {
      const { url } = await doorTo((_, response) => {
        response.writeEarlyHints({ link: '</x>; rel=preload' });
        response.end('{"a":1}');
      });
      assert.deepEqual((await get(`${url}/api/ordering/x`)).body, { a: 1 });
    });
  });
});
