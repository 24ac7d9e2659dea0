import assert from 'node:assert/strict';
import { Timestamp } from 'mongodb';
import { Deposed, type Watermark, type Watermarks } from './watermarks.ts';

export type WatermarksUnderTest = { readonly watermarks: Watermarks; close(): Promise<void> };

const aWatermark = (overrides: Partial<Watermark> = {}): Watermark => ({
  consumer: 'local-shipping',
  token: { _data: '8265A1B2C300000001' },
  at: new Timestamp({ t: 5, i: 1 }),
  joined: ['ordering/order/*'],
  joining: [],
  ...overrides,
});

/** The guarantees of `watermarks.ts`, for every adapter of its port. */
export const describeWatermarks = (name: string, open: () => Promise<WatermarksUnderTest>): void => {
  describe(`${name} as watermarks`, () => {
    let under: WatermarksUnderTest;
    const known = async () => [...(await under.watermarks.read()).values()];
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    it('gives back what was last written of each consumer', async () => {
      const other = aWatermark({ consumer: 'local-catalog' });
      await under.watermarks.write(1, [aWatermark(), other]);
      const risen = aWatermark({ at: new Timestamp({ t: 9, i: 1 }) });
      await under.watermarks.write(2, [risen]);
      assert.deepEqual(
        (await known()).sort((a, b) => a.consumer.localeCompare(b.consumer)),
        [other, risen],
      );
    });
    it('lets no leader write that was deposed', async () => {
      await under.watermarks.write(2, [aWatermark()]);
      const late = aWatermark({ at: new Timestamp({ t: 1, i: 1 }) });
      await assert.rejects(under.watermarks.write(1, [late]), Deposed);
      assert.deepEqual(await known(), [aWatermark()]);
    });
    it('forgets consumers that are removed', async () => {
      await under.watermarks.write(1, [aWatermark()]);
      await under.watermarks.remove(['local-shipping']);
      assert.deepEqual(await known(), []);
    });
  });
};
