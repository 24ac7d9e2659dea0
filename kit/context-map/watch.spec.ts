import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { type ContextMap, readContextMap } from './context-map.ts';
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
    stop.abort();
    await watching;
    assert.deepEqual(seen, [aMap('acme'), aMap('acme', 'globex')]);
  });
  it('names the file and the fault when it cannot be read', async () => {
    await writeFile(file, '{ "contexts": [], "tenants": [{ "id": "" }] }');
    await assert.rejects(
      readContextMap(file),
      (error: Error) => error.message.includes(file) && error.message.includes('tenants'),
    );
  });
});
