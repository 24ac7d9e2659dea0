import assert from 'node:assert/strict';
import { get, type Landscape, openLandscape, until } from './testing/landscape.ts';

const LIMIT = 40;

describe('the front door in bad times', function () {
  this.timeout(60_000);
  let landscape: Landscape;
  let key: string;

  const openWithKey = async (redisUrl?: string) => {
    const { url } = await landscape.openReplica(redisUrl);
    await until(async () => (await get(`${url}/api/whoami`, key)).status !== 401);
    return url;
  };
  const statuses = async (url: string, times: number) => {
    const answers = await Promise.all(Array.from({ length: times }, () => get(`${url}/api/whoami`, key)));
    return answers.map(({ status }) => status);
  };
  /** How many are let through while asked for a while, at every address in turn. */
  /** In how many seconds of the clock that was counts too: a slow machine takes longer, and each second has its limit. */
  const letThrough = async (urls: readonly string[], ms: number) => {
    const start = Date.now();
    let through = 0;
    while (Date.now() < start + ms) {
      const answers = await Promise.all(urls.map((url) => get(`${url}/api/whoami`, key)));
      through += answers.filter(({ status }) => status === 200).length;
    }
    const seconds = Math.floor(Date.now() / 1_000) - Math.floor(start / 1_000) + 1;
    return { through, seconds };
  };

  beforeEach(async () => {
    landscape = await openLandscape();
    key = await landscape.newKey();
  });
  afterEach(() => landscape.close());

  it('limits requests a second over all replicas, and says when to come again', async () => {
    await landscape.setPlan(LIMIT);
    const urls = [await openWithKey(), await openWithKey()];
    const { through, seconds } = await letThrough(urls, 3_000);
    // In each second a replica may let as many through as allowed before it hears of the other.
    assert.ok(through >= LIMIT * 2 && through <= LIMIT * 2 * seconds + 2, `${through} in ${seconds} s`);
    let refused = await get(`${urls[0]}/api/whoami`, key);
    await until(async () => {
      await statuses(urls[0] ?? '', LIMIT);
      refused = await get(`${urls[0]}/api/whoami`, key);
      return refused.status === 429;
    });
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.match(refused.headers.get('ratelimit') ?? '', /^"plan";r=0;t=1$/);
    assert.equal(refused.headers.get('ratelimit-policy'), `"plan";q=${LIMIT};w=1`);
  });
  it('serves and limits while Redis is away', async () => {
    await landscape.setPlan(LIMIT);
    const url = await openWithKey('redis://127.0.0.1:9');
    const { through, seconds } = await letThrough([url], 2_000);
    assert.ok(through >= LIMIT && through <= LIMIT * (seconds + 1), `${through} in ${seconds} s`);
  });
  it('says so when a context breaks off, and does not ask it twice', async () => {
    const url = await openWithKey();
    landscape.answer((request) => request.socket.destroy());
    const { status, body } = await get(`${url}/api/ordering/v1/orders`, key, { method: 'POST', body: 'x' });
    assert.deepEqual([status, body['code']], [502, 'context-failed']);
    assert.equal(landscape.asked.length, 1);
    assert.deepEqual((await get(`${url}/api/usage`, key)).body['meters'], {});
  });
  it('breaks the answer off when the context does, having counted what left', async () => {
    const url = await openWithKey();
    landscape.answer((_, response) => {
      response.writeHead(200, { 'content-length': '5000000' });
      response.write(Buffer.alloc(2_000_000), () => setTimeout(() => response.destroy(), 50));
    });
    const response = await fetch(`${url}/api/ordering/v1/orders`, { headers: { 'x-api-key': key } });
    await assert.rejects(response.arrayBuffer());
    const { meters } = (await get(`${url}/api/usage`, key)).body as { meters: Record<string, number> };
    assert.equal(meters['requests'], 1);
    assert.ok((meters['bytes'] ?? 0) >= 1_000_000 && (meters['bytes'] ?? 0) <= 2_000_000);
  });
  it('starts from its own database and knows what was revoked before', async () => {
    await openWithKey();
    await landscape.tellKey('gone', {
      type: 'KeyDeleted',
      data: { keyId: 'gone', deletedAt: new Date().toISOString() },
    });
    const gone = await landscape.newKey({ keyId: 'gone' });
    const url = await openWithKey();
    assert.equal((await get(`${url}/api/whoami`, gone)).status, 401);
  });
  it('keeps no key in any document, group or event', async () => {
    const url = await openWithKey();
    await get(`${url}/api/ordering/v1/orders`, key);
    for (const collection of await landscape.db.collections()) {
      const text = JSON.stringify(await collection.find().toArray());
      assert.ok(!text.includes(key) && !text.includes(key.slice(4, 34)), collection.collectionName);
    }
  });
  it('has counted every answered request, and none twice, when it is killed', async () => {
    await landscape.setPlan(100_000);
    const { url, kill } = await landscape.openProcess();
    await until(async () => (await get(`${url}/api/whoami`, key)).status === 200);
    let answered = 0;
    const ask = async (): Promise<void> => {
      for (;;) {
        const { status } = await get(`${url}/api/ordering/v1/orders`, key);
        assert.equal(status, 200);
        answered += 1;
      }
    };
    const asking = Promise.allSettled(Array.from({ length: 16 }, ask));
    await until(async () => answered > 200);
    await kill();
    await asking;
    // A request reached the context before it was counted, and some were counted but not answered any more.
    const other = await openWithKey();
    const { meters } = (await get(`${other}/api/usage`, key)).body as { meters: Record<string, number> };
    const counted = meters['requests'] ?? 0;
    assert.ok(counted >= answered, `${answered} answered, ${counted} counted`);
    assert.ok(counted <= landscape.asked.length, `${landscape.asked.length} received, ${counted} counted`);
  });
});
