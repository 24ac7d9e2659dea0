import assert from 'node:assert/strict';
import { windowsOf } from './windows.ts';

const noon = Date.UTC(2026, 10, 23, 12) / 1_000;
const of = (tenant: string, units: number, key?: string) => ({
  tenant,
  meter: 'requests',
  units,
  ...(key !== undefined && { key }),
});

describe('windowsOf', () => {
  it('sums what an account consumed of a meter within ten seconds', () => {
    const windows = windowsOf(
      [
        { seconds: noon, counts: [of('acme', 2, 'k1'), of('other', 1)] },
        { seconds: noon + 9, counts: [of('acme', 3, 'k1'), of('acme', 1, 'k2')] },
        { seconds: noon + 10, counts: [of('acme', 5)] },
      ],
      () => 'w',
    );
    assert.deepEqual(
      windows.map(({ tenant, data }) => [tenant, data.units, data.from.slice(11, 19), data.to.slice(11, 19)]),
      [
        ['acme', 6, '12:00:00', '12:00:10'],
        ['other', 1, '12:00:00', '12:00:01'],
        ['acme', 5, '12:00:10', '12:00:11'],
      ],
    );
    assert.deepEqual(windows[0]?.data.keys, [
      { keyId: 'k1', lastUsedAt: '2026-11-23T12:00:09.000Z' },
      { keyId: 'k2', lastUsedAt: '2026-11-23T12:00:09.000Z' },
    ]);
  });
  it('never lets a window cross a day', () => {
    const midnight = noon + 12 * 3_600;
    const windows = windowsOf([
      { seconds: midnight - 1, counts: [of('acme', 1)] },
      { seconds: midnight, counts: [of('acme', 1)] },
    ]);
    assert.deepEqual(
      windows.map(({ day }) => day),
      ['2026-11-23', '2026-11-24'],
    );
  });
  it('gives each window an id of its own', () => {
    const counts = [of('acme', 1), of('other', 1)];
    assert.equal(new Set(windowsOf([{ seconds: noon, counts }]).map(({ data }) => data.windowId)).size, 2);
  });
});
