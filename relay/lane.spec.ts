import assert from 'node:assert/strict';
import { Timestamp } from 'mongodb';
import type { OutgoingBatch } from '../kit/queue/queue.ts';
import type { Entry } from './buffer.ts';
import {
  acknowledge,
  add,
  becomeLive,
  floorOf,
  joinStream,
  type Lane,
  leaveStream,
  note,
  openLane,
  pump,
  resend,
  spill,
} from './lane.ts';
import type { Position } from './position.ts';
import { openSegment } from './progress.ts';
import { anEntry, anEvent } from './testing/an-entry.ts';

const at = (t: number): Timestamp => new Timestamp({ t, i: 1 });
const position = (n: number): Position => ({ token: { _data: String(n).padStart(4, '0') }, at: at(n) });

const aLane = () => {
  const sent: OutgoingBatch[] = [];
  const send = async (_: string, batch: OutgoingBatch) => void sent.push(batch);
  return { sent, lane: openLane({ consumer: 'local-shipping', epoch: 7, send, floor: position(0) }) };
};

/** One reply of the stream that ends at `n` and holds `count` events for the lane. */
const reply = (lane: Lane, n: number, count: number): void => {
  const segment = openSegment(lane.progress, position(n - 1));
  for (let index = 0; index < count; index += 1)
    add(lane, anEntry({ segment, event: { at: at(n) }, text: `${n}.${index}` }));
  segment.end = position(n);
};

/** The texts of a batch, with commas between them. */
const textsOf = (batch: OutgoingBatch | undefined) => batch?.events.join(',');

describe('a lane', () => {
  describe('when nothing is on its way', () => {
    it('sends at once what there is', async () => {
      const { lane, sent } = aLane();
      reply(lane, 1, 2);
      await pump(lane);
      assert.deepEqual({ ...sent[0], events: textsOf(sent[0]) }, { v: 1, epoch: 7, n: 1, events: '1.0,1.1' });
    });
    it('keeps bare events for a whole one, in order, or until it is flushed', async () => {
      const { lane, sent } = aLane();
      const bareReply = (n: number) => {
        const segment = openSegment(lane.progress, position(n - 1));
        add(lane, anEntry({ segment, event: { at: at(n) }, text: `bare ${n}`, isBare: true }));
        segment.end = position(n);
      };
      bareReply(1);
      await pump(lane);
      assert.equal(sent.length, 0);
      assert.deepEqual(floorOf(lane, position(1)), position(0));
      reply(lane, 2, 1);
      await pump(lane);
      assert.equal(textsOf(sent[0]), 'bare 1,2.0');
      acknowledge(lane, '7-1');
      bareReply(3);
      await pump(lane, { flush: true });
      assert.equal(textsOf(sent[1]), 'bare 3');
    });
    it('stands where the stream stands', () => {
      assert.deepEqual(floorOf(aLane().lane, position(9)), position(9));
    });
  });

  describe('when a batch is on its way', () => {
    it('gathers until the batch is acknowledged', async () => {
      const { lane, sent } = aLane();
      reply(lane, 1, 1);
      await pump(lane);
      reply(lane, 2, 1);
      reply(lane, 3, 1);
      await pump(lane);
      assert.equal(sent.length, 1);
      acknowledge(lane, '7-1');
      await pump(lane);
      assert.equal(textsOf(sent[1]), '2.0,3.0');
    });
    it('sends a full second batch, but no third', async () => {
      const { lane, sent } = aLane();
      reply(lane, 1, 1);
      await pump(lane);
      reply(lane, 2, 2_500);
      await pump(lane);
      await pump(lane);
      assert.equal(sent.length, 2);
    });
    it('keeps its floor below what is not acknowledged, whatever else is', async () => {
      const { lane } = aLane();
      reply(lane, 1, 1);
      await pump(lane);
      reply(lane, 2, 1_000);
      await pump(lane);
      acknowledge(lane, '7-2');
      assert.deepEqual(floorOf(lane, position(5)), position(0));
      acknowledge(lane, '7-1');
      assert.deepEqual(floorOf(lane, position(5)), position(5));
    });
    it('ignores acknowledgements of batches that it does not know', () => {
      assert.equal(acknowledge(aLane().lane, '6-1'), false);
    });
  });

  describe('when a batch was lost', () => {
    const lose = async (entry: Entry) => {
      const { lane, sent } = aLane();
      add(lane, entry);
      await pump(lane);
      await resend(lane, '7-1');
      return { lane, sent };
    };
    it('sends it again under an id of its own', async () => {
      const { lane, sent } = await lose(anEntry());
      assert.deepEqual(
        sent.map(({ n }) => n),
        [1, 2],
      );
      assert.equal(textsOf(sent[1]), textsOf(sent[0]));
      assert.equal(acknowledge(lane, '7-1'), false);
      assert.equal(acknowledge(lane, '7-2'), true);
    });
    it('tells the consumer of a text that is no JSON, no CloudEvent or another one', async () => {
      for (const [text, reason] of [
        ['{"half', /of acme\/counter\/one\/1 is no JSON/],
        ['{"specversion":"1.0"}', /of acme\/counter\/one\/1 is no CloudEvent/],
        [anEvent({ sequence: 2 }).event, /of acme\/counter\/one\/1 is another event/],
      ] as const) {
        const { sent } = await lose(anEntry({ text }));
        const { unreadable, ...bare } = JSON.parse(textsOf(sent[1]) ?? '');
        assert.match(unreadable, reason);
        assert.deepEqual(bare, { source: 'counting', tenant: 'acme', subject: 'counter/one', sequence: 1 });
      }
    });
  });

  describe('when more gathers than it may hold', () => {
    it('forgets what was not sent and notes where to find it', async () => {
      const { lane } = aLane();
      reply(lane, 1, 1);
      await pump(lane);
      reply(lane, 2, 1_000);
      reply(lane, 3, 1_000);
      spill(lane);
      assert.equal(lane.buffer.count, 0);
      note(lane, { database: 'local-ordering', at: at(4) });
      assert.deepEqual(lane.spilled.get('local-ordering'), { from: at(2), to: at(4) });
    });
    it('does not raise its floor over what it buffered while it joined the stream in vain', async () => {
      const { lane, sent } = aLane();
      reply(lane, 1, 1);
      await pump(lane);
      spill(lane);
      joinStream(lane);
      reply(lane, 2, 1);
      leaveStream(lane);
      const { catchUp } = lane;
      assert.ok(catchUp);
      for (const { from } of lane.spilled.values())
        add(lane, anEntry({ segment: catchUp, event: { at: from } }));
      joinStream(lane);
      becomeLive(lane, position(4));
      acknowledge(lane, '7-1');
      assert.deepEqual(floorOf(lane, position(4)), position(0));
      await pump(lane);
      acknowledge(lane, `7-${sent.at(-1)?.n}`);
      assert.deepEqual(floorOf(lane, position(4)), position(4));
    });
    it('does not raise its floor before all that it read is acknowledged', async () => {
      const { lane, sent } = aLane();
      reply(lane, 1, 1);
      await pump(lane);
      spill(lane);
      acknowledge(lane, '7-1');
      const { catchUp } = lane;
      assert.ok(catchUp);
      add(lane, anEntry({ segment: catchUp }));
      joinStream(lane);
      reply(lane, 3, 1);
      becomeLive(lane, position(2));
      await pump(lane);
      assert.deepEqual(floorOf(lane, position(9)), position(0));
      acknowledge(lane, `7-${sent.at(-1)?.n}`);
      assert.deepEqual(floorOf(lane, position(9)), position(9));
    });
  });
});
