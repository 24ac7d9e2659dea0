import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { followMap } from './followed-map.ts';

const logger = pino({ level: 'silent' });
const aMap = (id: string) => ({ contexts: [], tenants: [{ id, cell: 'pool', contexts: [] }] });

describe('a map that is followed', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'map-'));
    file = join(folder, 'map.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is there when it was read for the first time, and is the one of now', async () => {
    let isThere = false;
    const following = followMap(file, logger).finally(() => {
      isThere = true;
    });
    await writeFile(file, '{ "contexts": "none" }');
    await delay(50);
    assert.equal(isThere, false);
    await writeFile(file, JSON.stringify(aMap('acme')));
    const { map, stop } = await following;
    assert.deepEqual(map(), aMap('acme'));
    await writeFile(file, JSON.stringify(aMap('globex')));
    while (map().tenants[0]?.id !== 'globex') await delay(10);
    await stop();
  });
});
