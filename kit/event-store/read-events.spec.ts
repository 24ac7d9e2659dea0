import assert from 'node:assert/strict';
import { Timestamp } from 'mongodb';
import type { ReadPart } from './builds.ts';
import type { EventDocument } from './events.ts';
import { nextAsOf, wasRead } from './read-events.ts';

const time = (t: number) => new Timestamp({ t, i: 1 });
const event = (at: number, id = 'x') => ({ _id: id, at: time(at) }) as EventDocument;

describe('an event that the stream brings', () => {
  describe('when all was read at one time', () => {
    const parts: ReadPart[] = [{ asOf: time(10), upTo: null }];
    it('was read if it had committed by then', () => {
      assert.equal(wasRead({ event: event(5), committed: time(10) }, parts), true);
    });
    it('was not if it committed later, whenever it was written', () => {
      assert.equal(wasRead({ event: event(5), committed: time(11) }, parts), false);
    });
  });

  describe('when reading took longer than the server remembers', () => {
    const parts: ReadPart[] = [
      { asOf: time(10), upTo: { at: time(5), id: 'm' } },
      { asOf: time(20), upTo: null },
    ];
    it('was read in the first part only if it had committed by its time', () => {
      assert.equal(wasRead({ event: event(4), committed: time(9) }, parts), true);
      assert.equal(wasRead({ event: event(4), committed: time(15) }, parts), false);
    });
    it('was read in the later part if it had committed by the later time', () => {
      assert.equal(wasRead({ event: event(6), committed: time(15) }, parts), true);
      assert.equal(wasRead({ event: event(6), committed: time(21) }, parts), false);
    });
    it('is placed by its id among those of one time', () => {
      assert.equal(wasRead({ event: event(5, 'm'), committed: time(15) }, parts), false);
      assert.equal(wasRead({ event: event(5, 'n'), committed: time(15) }, parts), true);
    });
  });
});

describe('the time as of which a build reads on', () => {
  const part = (place: number, asOf: number): ReadPart => {
    return { asOf: time(asOf), upTo: { at: time(place), id: 'x' } };
  };
  it('is now to begin with', () => {
    assert.deepEqual(nextAsOf(undefined, time(9)), time(9));
  });
  it('stays for a minute', () => {
    assert.deepEqual(nextAsOf(part(100, 1_000), time(1_060)), time(1_000));
  });
  it('moves on then, before the server forgets how things stood', () => {
    assert.deepEqual(nextAsOf(part(100, 1_000), time(1_061)), time(1_061));
  });
  it('stays where a transaction of that time may still commit an event below what was read', () => {
    assert.deepEqual(nextAsOf(part(900, 1_000), time(2_000)), time(1_000));
  });
});
