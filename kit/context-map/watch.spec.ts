import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { type ContextMap, parseContextMap } from './context-map.ts';
import { followMap } from './followed-map.ts';
import { watchContextMap } from './watch.ts';

const aMap = (...tenants: string[]): ContextMap => ({
  contexts: [],
  tenants: tenants.map((id) => ({ id, cell: 'pool', contexts: [] })),
});

describe('the context map', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'map-'));
    file = join(folder, 'map.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is read again when it changes, and keeps its last good content while it is broken', async () => {
    const seen: ContextMap[] = [];
    const faults: unknown[] = [];
    const logger = pino({ level: 'error' }, { write: (line) => void faults.push(line) });
    const stop = new AbortController();
    const until = async (condition: () => boolean) => {
      while (!condition()) await delay(10);
    };
    await writeFile(file, JSON.stringify(aMap('acme')));
    const watching = watchContextMap({ file, signal: stop.signal, logger }, (map) => seen.push(map));
    await until(() => seen.length === 1);
    await writeFile(file, '{ "contexts": "none" }');
    await until(() => faults.length === 1);
    await writeFile(file, JSON.stringify(aMap('acme', 'globex')));
    await until(() => seen.length === 2);
    await writeFile(file, gzipSync(JSON.stringify(aMap('globex'))));
    await until(() => seen.length === 3);
    stop.abort();
    await watching;
    assert.deepEqual(seen, [aMap('acme'), aMap('acme', 'globex'), aMap('globex')]);
  });
  it('is followed once it was read for the first time, and is then the one of now', async () => {
    let isThere = false;
    const refused = Promise.withResolvers<void>();
    const logger = pino({ level: 'error' }, { write: () => refused.resolve() });
    await writeFile(file, '{ "contexts": "none" }');
    const following = followMap(file, logger).finally(() => {
      isThere = true;
    });
    await refused.promise;
    assert.equal(isThere, false);
    await writeFile(file, JSON.stringify(aMap('acme')));
    const { map, stop } = await following;
    assert.deepEqual(map(), aMap('acme'));
    await writeFile(file, JSON.stringify(aMap('globex')));
    while (map().tenants[0]?.id !== 'globex') await delay(10);
    await stop();
  });
  it('names the file and the fault when it cannot be read', () => {
    const names = (fault: string) => (error: Error) =>
      error.message.includes(file) && error.message.includes(fault);
    const parse = (content: Buffer) => () => parseContextMap(file, content);
    assert.throws(parse(Buffer.from('{ "contexts": [], "tenants": [{ "id": "" }] }')), names('tenants'));
    assert.throws(parse(gzipSync('{ "contexts": []').subarray(0, -4)), names('unexpected end of file'));
  });
});
