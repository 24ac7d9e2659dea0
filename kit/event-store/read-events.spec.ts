import assert from 'node:assert/strict';
import { Timestamp } from 'mongodb';
import type { ReadPart } from './builds.ts';
import type { EventDocument } from './events.ts';
import { wasRead } from './read-events.ts';

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
