import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { Timestamp } from 'mongodb';
import { joinRequests } from '../kit/outbox/join-requests.ts';
import { OUTBOX, type OutboxDocument } from '../kit/outbox/outbox.ts';
import {
  counted,
  distinct,
  type Harness,
  openHarness,
  range,
  sequencesOf,
  until,
} from './testing/harness.ts';

describe('the relay', () => {
  let harness: Harness;
  const watermark = (name: string) =>
    harness.relayDb
      .collection<{ _id: string; token: { _data: string }; at: Timestamp }>('watermarks')
      .findOne({ _id: `${harness.cell}-${name}` });
  /** Leading, and every consumer of the map has its watermark: what is published from here on reaches them. */
  const start = async (...names: string[]) => {
    const relay = harness.startRelay();
    for (const name of names) await until(async () => (await watermark(name)) !== null);
    return relay;
  };
  const mapOf = (...names: string[]) => harness.mapOf({ consumers: names.map((name) => ({ name })) });

  beforeEach(async () => {
    harness = await openHarness();
  });
  afterEach(() => harness.stop());

  describe('when a consumer is live', () => {
    it('brings it events in the order in which they were committed', async () => {
      harness.map = mapOf('tallying');
      const { events } = harness.receive('tallying');
      await start('tallying');
      await harness.publish(counted(1, 100));
      await harness.publish(counted(101, 200));
      await until(() => events.length >= 200);
      assert.deepEqual(sequencesOf(events), range(1, 200));
    });
    it('tells it of types that it did not ask for without their content', async () => {
      harness.map = harness.mapOf({ consumers: [{ name: 'tallying', types: ['counting.counted.v1'] }] });
      const { events } = harness.receive('tallying');
      await start('tallying');
      await harness.publish([...counted(1, 1), ...counted(2, 2, { renamed: true })]);
      await until(() => events.length >= 2);
      assert.deepEqual(events[1], {
        source: 'counting',
        tenant: 'acme',
        subject: 'counter/one',
        sequence: 2,
      });
    });
    it('tells it of texts that nobody can read, and goes on behind documents that are no events', async () => {
      harness.map = mapOf('tallying');
      const { events } = harness.receive('tallying');
      await start('tallying');
      const [one, two, three] = counted(1, 3) as [OutboxDocument, OutboxDocument, OutboxDocument];
      await harness.publish([
        { ...one, event: one.event.slice(0, -1) },
        { ...two, event: three.event },
        { _id: 'no-event' } as OutboxDocument,
        three,
      ]);
      await until(() => events.length >= 3);
      assert.match(JSON.stringify(events[0]), /one\/0000000001 is no JSON/);
      assert.match(JSON.stringify(events[1]), /one\/0000000002 is another event/);
      assert.deepEqual(events[2], JSON.parse(three.event));
    });
    it('brings it only tenants that the map gives it', async () => {
      harness.map = harness.mapOf({ consumers: [{ name: 'tallying' }], tenants: ['acme'] });
      const { events } = harness.receive('tallying');
      await start('tallying');
      await harness.publish([...counted(1, 3, { tenant: 'globex' }), ...counted(1, 2)]);
      await until(() => events.length >= 2);
      assert.deepEqual(
        events.map(({ tenant }) => tenant),
        ['acme', 'acme'],
      );
    });
  });

  describe('when a consumer is absent', () => {
    it('holds up nobody, and brings it everything when it comes', async () => {
      harness.map = mapOf('absent', 'tallying');
      const tallying = harness.receive('tallying');
      await start('absent', 'tallying');
      for (let from = 1; from < 30_000; from += 1_000) await harness.publish(counted(from, from + 999));
      await until(() => tallying.events.length >= 30_000);
      assert.deepEqual(distinct(tallying.events), range(1, 30_000));
      const absent = harness.receive('absent');
      await until(() => new Set(sequencesOf(absent.events)).size >= 30_000);
      assert.deepEqual(distinct(absent.events), range(1, 30_000));
      await harness.publish(counted(30_001, 30_010));
      await until(() => sequencesOf(absent.events).includes(30_010));
    }).timeout(60_000);
  });

  describe('when Redis loses a batch', () => {
    it('sends it again', async () => {
      harness.map = mapOf('tallying');
      await start('tallying');
      await harness.publish(counted(1, 5));
      const redis = new Redis(harness.redisUrl);
      const keys = () => redis.keys(`{${harness.cell}-tallying}*`);
      await until(async () => (await keys()).some((key) => /:\d+-1$/.test(key)));
      await redis.del(...(await keys()));
      redis.disconnect();
      const { events } = harness.receive('tallying');
      await until(() => events.length >= 5);
      assert.deepEqual(distinct(events), range(1, 5));
    });
  });

  describe('when it starts again', () => {
    const publishMeanwhile = async () => {
      harness.map = mapOf('tallying');
      const { events } = harness.receive('tallying');
      const first = await start('tallying');
      await harness.publish(counted(1, 5));
      await until(() => events.length >= 5);
      await first.stop();
      await harness.publish(counted(6, 2_005));
      return events;
    };
    it('goes on from its watermarks', async () => {
      const events = await publishMeanwhile();
      harness.startRelay();
      await until(() => sequencesOf(events).includes(2_005));
      assert.deepEqual(distinct(events), range(1, 2_005));
    });
    it('catches up from the outboxes when MongoDB no longer has the token', async () => {
      const events = await publishMeanwhile();
      const forgotten = { _data: '8200000001000000012B0229296E04' };
      await harness.relayDb.collection('watermarks').updateMany({}, { $set: { token: forgotten } });
      harness.startRelay();
      await until(() => new Set(sequencesOf(events)).size >= 2_005);
      await harness.publish(counted(2_006, 2_010));
      await until(() => new Set(sequencesOf(events)).size >= 2_010);
      assert.deepEqual(distinct(events), range(1, 2_010));
    });
  });

  describe('when two relays run', () => {
    it('has one leader, and another with a higher epoch once that one is gone', async () => {
      harness.map = mapOf('tallying');
      const { events } = harness.receive('tallying');
      const first = await start('tallying');
      const second = harness.startRelay();
      await until(() => first.state.epoch !== undefined && second.state.lookedAt > 0);
      assert.deepEqual([first.state.epoch, second.state.epoch], [1, undefined]);
      await first.stop();
      await until(() => second.state.epoch === 2);
      await harness.publish(counted(1, 3));
      await until(() => sequencesOf(events).includes(3));
    });
  });

  describe('when the map changes', () => {
    it('brings events to a consumer that is new, and asks its upstream for marks', async () => {
      harness.map = mapOf('tallying');
      await start('tallying');
      await harness.publish(counted(1, 3));
      harness.map = mapOf('tallying', 'late');
      await until(async () => (await watermark('late')) !== null);
      const late = harness.receive('late');
      await harness.publish(counted(4, 6));
      await until(() => sequencesOf(late.events).includes(6));
      assert.equal(
        await joinRequests(harness.source).countDocuments({ consumer: `${harness.cell}-late` }),
        1,
      );
    });
    it('forgets a consumer that is gone', async () => {
      harness.map = mapOf('tallying', 'gone');
      await start('tallying', 'gone');
      harness.map = mapOf('tallying');
      await until(async () => (await watermark('gone')) === null);
    });
  });

  describe('when events are old', () => {
    it('removes those below every watermark and keeps the others', async () => {
      harness.map = mapOf('tallying');
      harness.receive('tallying');
      const old = (day: number) => new Timestamp({ t: Math.floor(Date.now() / 1_000) - day * 86_400, i: 1 });
      const aged = (from: number, day: number) =>
        counted(from, from).map((one) => ({ ...one, at: old(day) }));
      await harness.publish([...aged(1, 9), ...aged(2, 8), ...aged(3, 6)]);
      await start('tallying');
      await until(async () => (await harness.source.collection(OUTBOX).countDocuments()) === 1);
      assert.equal((await harness.source.collection(OUTBOX).findOne())?.sequence, 3);
    });
  });
});
