import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  Acknowledgement,
  Batch,
  BatchHandler,
  BatchReceiver,
  BatchSender,
  OutgoingBatch,
} from './queue.ts';

/** What an adapter gives the suite: both sides of one consumer's queue, and the means to lose it. */
export type QueueUnderTest = {
  readonly consumer: string;
  openSender(onAcknowledged: (ack: Acknowledgement) => void): Promise<BatchSender>;
  openReceiver(handle: BatchHandler): Promise<BatchReceiver>;
  /** Loses all that the queue holds, as a wiped Redis does. */
  wipe(): Promise<void>;
  close(): Promise<void>;
};

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await delay(5);
};

/** The guarantees of `queue.ts`, for every adapter of its ports. */
export const describeBatchQueue = (name: string, open: () => Promise<QueueUnderTest>): void => {
  describe(`${name} as a batch queue`, () => {
    let queue: QueueUnderTest;
    let sender: BatchSender;
    let acks: Acknowledgement[];
    const open_: { close(): Promise<void> }[] = [];
    const aBatch = (n: number, ...events: string[]): OutgoingBatch => ({ v: 1, epoch: 3, n, events });
    const receive = async (handle: BatchHandler = async () => undefined) => {
      const receiver = await queue.openReceiver(handle);
      open_.push(receiver);
      return receiver;
    };
    beforeEach(async () => {
      queue = await open();
      acks = [];
      sender = await queue.openSender((ack) => acks.push(ack));
      await sender.follow([queue.consumer]);
    });
    afterEach(async () => {
      for (const one of open_.splice(0)) await one.close();
      await sender.close();
      await queue.close();
    });

    it('brings batches in the order in which they were sent', async () => {
      const seen: number[] = [];
      for (const n of [1, 2, 3, 4]) await sender.send(queue.consumer, aBatch(n));
      await receive(async ({ n }) => void seen.push(n));
      await until(() => seen.length === 4);
      assert.deepEqual(seen, [1, 2, 3, 4]);
    });
    it('brings the events as they are', async () => {
      const events = ['{"data":"ä \\u0000 \\" €"}', '{"sequence":2}'];
      const seen: Batch[] = [];
      await receive(async (batch) => void seen.push(batch));
      await sender.send(queue.consumer, aBatch(1, ...events));
      await until(() => seen.length === 1);
      assert.deepEqual(seen, [
        { ...aBatch(1), events: events.map((text) => JSON.parse(text)), deliveries: 1 },
      ]);
    });
    it('acknowledges a batch after it was handled, not before', async () => {
      const handled = Promise.withResolvers<void>();
      await receive(() => handled.promise);
      await sender.send(queue.consumer, aBatch(1));
      assert.deepEqual(acks, []);
      handled.resolve();
      await until(() => acks.length === 1);
      assert.deepEqual(acks, [{ consumer: queue.consumer, epoch: 3, n: 1 }]);
    });
    it('holds a batch until it was handled', async () => {
      await sender.send(queue.consumer, aBatch(1));
      assert.equal(await sender.holds(queue.consumer, '3-1'), true);
      await receive();
      while (await sender.holds(queue.consumer, '3-1')) await delay(5);
    });
    it('does not hold a batch that was rejected', async () => {
      await receive(async () => {
        throw new Error('stopping');
      });
      await sender.send(queue.consumer, aBatch(1));
      while (await sender.holds(queue.consumer, '3-1')) await delay(5);
      assert.deepEqual(acks, []);
    });
    it('does not hold a batch that is no JSON, and goes on', async () => {
      const seen: number[] = [];
      await receive(async ({ n }) => void seen.push(n));
      await sender.send(queue.consumer, aBatch(1, '{"no JSON'));
      await sender.send(queue.consumer, aBatch(2));
      while (await sender.holds(queue.consumer, '3-1')) await delay(5);
      await until(() => seen.length === 1);
      assert.deepEqual(seen, [2]);
    });
    it('knows that a batch was lost, and brings those that are sent afterwards', async () => {
      await sender.send(queue.consumer, aBatch(1));
      await queue.wipe();
      assert.equal(await sender.holds(queue.consumer, '3-1'), false);
      const seen: number[] = [];
      await receive(async ({ n }) => void seen.push(n));
      await sender.send(queue.consumer, aBatch(2));
      await until(() => seen.length === 1);
      assert.deepEqual(seen, [2]);
    });
    it('finishes what is in hand before it closes', async () => {
      const started = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      let isDone = false;
      const receiver = await queue.openReceiver(async () => {
        started.resolve();
        await finish.promise;
        isDone = true;
      });
      await sender.send(queue.consumer, aBatch(1));
      await started.promise;
      const closing = receiver.close();
      finish.resolve();
      await closing;
      assert.equal(isDone, true);
    });
  });
};
