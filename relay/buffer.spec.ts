import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Entry, emptyBuffer, put, take } from './buffer.ts';
import { anEntry } from './testing/an-entry.ts';

const filled = (entries: readonly (readonly [string, string])[]) => {
  const buffer = emptyBuffer();
  for (const [tenant, text] of entries) put(buffer, anEntry({ text, event: { tenant } }));
  return buffer;
};

const countOf = (entries: readonly Entry[], tenant: string) =>
  entries.filter((one) => one.event.tenant === tenant).length;

describe('take', () => {
  it('gives each tenant its share while others wait', () => {
    const buffer = filled([...Array(100).fill(['loud', 'x']), ...Array(5).fill(['quiet', 'y'])]);
    const taken = take(buffer, { events: 20, bytes: 1_000 });
    assert.equal(countOf(taken, 'quiet'), 5);
    assert.equal(countOf(taken, 'loud'), 15);
  });
  it('takes one entry even when it is larger than a batch may be', () => {
    assert.equal(take(filled([['acme', 'long text']]), { events: 10, bytes: 3 }).length, 1);
  });
  it('lets those go first next time that were left out', () => {
    const buffer = filled(['a', 'b', 'c'].flatMap((tenant) => Array(3).fill([tenant, 'x'])));
    const first = take(buffer, { events: 1, bytes: 100 });
    const second = take(buffer, { events: 1, bytes: 100 });
    assert.notEqual(first[0]?.event.tenant, second[0]?.event.tenant);
  });
  it('takes everything, in order per tenant, within the limits', () => {
    const entries = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.string({ minLength: 1, maxLength: 5 })),
    );
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 7 }), (all, events) => {
        const buffer = filled(all);
        const taken: Entry[] = [];
        while (buffer.count > 0) {
          const batch = take(buffer, { events, bytes: 12 });
          assert.ok(batch.length >= 1 && batch.length <= events);
          taken.push(...batch);
        }
        assert.equal(buffer.bytes, 0);
        for (const tenant of ['a', 'b', 'c']) {
          const order = all.filter(([name]) => name === tenant).map(([, text]) => text);
          assert.deepEqual(
            taken.filter((one) => one.event.tenant === tenant).map(({ text }) => text),
            order,
          );
        }
      }),
    );
  });
});
