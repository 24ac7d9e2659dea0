import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, pageOf, pageQuery } from './page.ts';

describe('cursor', () => {
  it('comes out as the key that went in', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (key) => decodeCursor(encodeCursor(key)) === key));
  });

  it('needs no escaping in a URL', () => {
    fc.assert(fc.property(fc.string(), (key) => /^[\w-]*$/.test(encodeCursor(key))));
  });

  for (const forged of ['', 'e30', 'MQ', 'not base64!', '{"$gt":""}']) {
    it(`refuses ${JSON.stringify(forged)}`, () => {
      assert.throws(() => decodeCursor(forged), { code: 'invalid-cursor' });
    });
  }
});

describe('pageQuery', () => {
  it('has 50 as its limit when none is asked for', () => {
    assert.deepEqual(pageQuery.parse({}), { limit: 50 });
  });

  it('reads the strings of a query', () => {
    assert.deepEqual(pageQuery.parse({ limit: '7', after: encodeCursor('a') }), { limit: 7, after: 'a' });
  });

  for (const limit of ['0', '201', '1.5', 'x', '']) {
    it(`refuses limit "${limit}"`, () => assert.equal(pageQuery.safeParse({ limit }).success, false));
  }
});

describe('pageOf', () => {
  const page = (found: string[]) => pageOf(found, { limit: 2, after: undefined }, (item) => item);

  it('says where the next page starts while more follow', () => {
    assert.deepEqual(page(['a', 'b', 'c']), { items: ['a', 'b'], next: encodeCursor('b') });
  });

  it('ends with the last item', () => {
    assert.deepEqual(page(['a', 'b']), { items: ['a', 'b'] });
    assert.deepEqual(page([]), { items: [] });
  });
});
