import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MEGABYTE, meterBytes } from './meter-bytes.ts';

const CHUNK = 100_000;

describe('meterBytes', () => {
  it('counts every byte of a body, each megabyte before its last chunk leaves', async () => {
    let counted = 0;
    let left = 0;
    const metered = meterBytes(async (bytes) => {
      counted += bytes;
    });
    const chunks = Array.from({ length: 25 }, () => Buffer.alloc(CHUNK));
    await pipeline(Readable.from(chunks), metered, async (source) => {
      for await (const chunk of source) {
        left += (chunk as Buffer).length;
        assert.ok(counted >= Math.floor(left / MEGABYTE) * MEGABYTE, `${left} left, ${counted} counted`);
      }
    });
    assert.deepEqual([left, counted], [25 * CHUNK, 25 * CHUNK]);
  });
  it('has counted all before the last chunk leaves', async () => {
    const order: string[] = [];
    const metered = meterBytes(async (bytes) => void order.push(`counted ${bytes}`));
    await pipeline(Readable.from([Buffer.alloc(3)]), metered, async (source) => {
      for await (const chunk of source) order.push(`left ${(chunk as Buffer).length}`);
    });
    assert.deepEqual(order, ['counted 3', 'left 3']);
  });
  it('breaks the body off when it cannot count', async () => {
    const metered = meterBytes(() => Promise.reject(new Error('away')));
    const body = pipeline(Readable.from([Buffer.alloc(3)]), metered, async (source) => {
      for await (const _ of source) assert.fail('nothing may leave');
    });
    await assert.rejects(body, /away/);
  });
});
