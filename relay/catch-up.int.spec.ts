import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { type Db, type Long, MongoClient, Timestamp } from 'mongodb';
import { createOutboxIndexes, OUTBOX, type OutboxDocument } from '../kit/outbox/outbox.ts';
import { type BatchSender, batchId, type OutgoingBatch } from '../kit/queue/queue.ts';
import { freshDatabase, testServers } from '../local/servers/for-tests.ts';
import { askForLost } from './chores.ts';
import { floorOf, spill } from './lane.ts';
import {
  applyMap,
  type Consumer,
  catchUpAll,
  distribute,
  type Leader,
  onAcknowledged,
  resumeCatchUps,
} from './leader.ts';
import type { OutboxEvent } from './outbox-event.ts';
import type { Position } from './position.ts';
import { aMap, counted, logger } from './testing/harness.ts';

const CELL = 'local';
const CONSUMER = `${CELL}-tallying`;
const START = 1_000_000;
/** mongod's `transactionLifetimeLimitSeconds`: an event may commit this long after its `at`. */
const LONGEST_TRANSACTION = 60;
/** The tenant `elsewhere` is not in the map: its events move the stream and are for nobody. */
const SUBJECTS = [
  { tenant: 'acme', counter: 'one' },
  { tenant: 'acme', counter: 'two' },
  { tenant: 'globex', counter: 'one' },
  { tenant: 'elsewhere', counter: 'one' },
] as const;

/**
 * A leader with one consumer over a real outbox. The spec is the rest of the world: it commits events, offers them
 * as the change stream would, in commit order, and handles batches when it likes.
 */
const openWorld = async (source: Db) => {
  /** All that was committed; an event's place in it, from 1, is where it stands in the stream. */
  const committed: OutboxEvent[] = [];
  const positions: Position[] = [{ token: { _data: token(0) }, at: new Timestamp({ t: START, i: 0 }) }];
  const sequences = new Map<object, number>();
  const queued = new Map<string, OutgoingBatch>();
  const handled = new Set<string>();
  let offered = 0;
  let seconds = START;
  let interruption = new AbortController();

  const sender: BatchSender = {
    send: async (_, batch) => void queued.set(batchId(batch), batch),
    holds: async (_, id) => queued.has(id),
    follow: async () => undefined,
    close: async () => undefined,
  };
  const map = aMap({
    cell: CELL,
    database: source.databaseName,
    consumers: [{ name: 'tallying', types: ['counting.counted.v1'] }],
    tenants: ['acme', 'globex'],
  });
  const leader: Leader = {
    client: source.client,
    relayDb: source,
    sender,
    epoch: 1,
    get signal() {
      return interruption.signal;
    },
    logger,
    consumers: new Map(),
    map,
    routes: () => [],
    position: positionAt(0),
  };
  await applyMap(leader, map, new Map());
  const { lane } = leader.consumers.get(CONSUMER) as Consumer;

  function positionAt(place: number): Position {
    const position = positions[place];
    assert.ok(position);
    return position;
  }
  const nextOf = (index: number): OutboxDocument => {
    const subject = SUBJECTS[index % SUBJECTS.length] ?? SUBJECTS[0];
    const sequence = (sequences.get(subject) ?? 0) + 1;
    sequences.set(subject, sequence);
    const [document] = counted(sequence, sequence, { ...subject, renamed: sequence % 5 === 0 });
    assert.ok(document);
    return document;
  };
  const commit = async (count: number) => {
    seconds += count % 20;
    const late = count % 3 === 0 ? (count * 7) % LONGEST_TRANSACTION : 0;
    const documents = Array.from({ length: count }, (_, index) => {
      const i = positions.length;
      positions.push({ token: { _data: token(i) }, at: new Timestamp({ t: seconds, i }) });
      return { ...nextOf(index % 8 === 0 ? index / 8 : count), at: new Timestamp({ t: seconds - late, i }) };
    });
    await source.collection<OutboxDocument>(OUTBOX).insertMany(documents);
    committed.push(...documents.map((one) => ({ ...one, database: source.databaseName })));
  };
  const offer = (count: number) => {
    const events = committed.slice(offered, offered + count);
    offered += events.length;
    distribute(leader, { events, unroutable: [], position: positionAt(offered) });
  };
  const take = (index: number): OutgoingBatch | undefined => {
    const id = [...queued.keys()][index % queued.size] ?? '';
    const batch = queued.get(id);
    queued.delete(id);
    return batch;
  };
  const handle = (batch: OutgoingBatch) => {
    for (const text of batch.events) handled.add(nameOf(JSON.parse(text)));
  };
  /** As time goes by: batches are old enough to be asked for, and what was interrupted begins again. */
  const tend = async () => {
    for (const flight of lane.inFlight.values()) flight.sentAt = Math.min(flight.sentAt, -1_000);
    await askForLost(leader);
    resumeCatchUps(leader);
  };
  const acknowledge = (index: number) => {
    const batch = take(index);
    if (batch === undefined) return;
    handle(batch);
    onAcknowledged(leader, { consumer: CONSUMER, ...batch });
  };
  const steps = {
    commit,
    offer,
    commitAndOffer: async (count: number) => {
      await commit(count);
      offer(Number.POSITIVE_INFINITY);
    },
    acknowledge,
    loseBatch: (index: number) => void take(index),
    loseAcknowledgement: (index: number) => {
      const batch = take(index);
      if (batch !== undefined) handle(batch);
    },
    tend,
    spill: () => {
      if (lane.mode !== 'catching-up') spill(lane);
      resumeCatchUps(leader);
    },
    /** The stream opens anew behind all that is committed. */
    loseHistory: () => {
      offered = committed.length;
      leader.position = positionAt(offered);
      catchUpAll(leader);
      offer(0);
    },
    interruptWaiting: () => {
      interruption.abort();
      interruption = new AbortController();
    },
    interruptReading: () => killCursors(source),
    wait: (ms: number) => delay(ms % 10),
  };

  let done = 0;
  const isDone = ({ tenant, _id }: OutboxEvent) => tenant === 'elsewhere' || handled.has(_id);
  const checkFloor = () => {
    for (let next = committed[done]; next && isDone(next); next = committed[done]) done += 1;
    const floor = Number(floorOf(lane, leader.position).token._data);
    assert.ok(
      floor <= done,
      `the floor is ${floor}, but ${committed[done]?._id} at ${done + 1} is not handled`,
    );
  };
  const finish = async () => {
    offer(Number.POSITIVE_INFINITY);
    while (lane.mode !== 'live' || lane.inFlight.size > 0 || lane.buffer.count > 0) {
      await tend();
      acknowledge(0);
      checkFloor();
      await delay(0);
    }
    await leader.consumers.get(CONSUMER)?.catchingUp;
  };
  const missing = () => committed.filter((event) => !isDone(event)).map(({ _id }) => _id);
  const strange = () => [...handled].filter((id) => id.startsWith('elsewhere/'));
  const isAtStream = () => floorOf(lane, leader.position).token._data === leader.position.token._data;
  return { steps, checkFloor, finish, missing, strange, isAtStream };
};

const token = (place: number) => String(place).padStart(8, '0');

const nameOf = ({ tenant, subject, sequence }: Pick<OutboxDocument, 'tenant' | 'subject' | 'sequence'>) =>
  `${tenant}/${subject}/${String(sequence).padStart(10, '0')}`;

/** As when a primary steps down: what reads on with one of them fails. */
const killCursors = async (db: Db) => {
  const idle = await db.client
    .db('admin')
    .aggregate<{ cursor: { cursorId: Long } }>([
      { $currentOp: { idleCursors: true } },
      { $match: { type: 'idleCursor', ns: `${db.databaseName}.${OUTBOX}` } },
    ])
    .toArray();
  if (idle.length === 0) return;
  await db.command({ killCursors: OUTBOX, cursors: idle.map(({ cursor }) => cursor.cursorId) });
};

type StepName = keyof Awaited<ReturnType<typeof openWorld>>['steps'];

type Plan = readonly (readonly [StepName, number])[];

/** The last round before a lane is live is usually over in no time; here it has to wait. */
const JOINING_WITHOUT_ROOM: Plan = [
  ['commit', 6_001],
  ['offer', 1_500],
  ['spill', 1],
  ['offer', 4_500],
  ['wait', 9],
];

/** What may happen, by how often it does. A commit's amount is a number of events. */
const plans = ({ commit, steps }: { commit: fc.Arbitrary<number>; steps: number }) => {
  const small = fc.integer({ min: 1, max: 30 });
  const step = (weight: number, name: StepName, amount = small) => ({
    weight,
    arbitrary: fc.tuple(fc.constant(name), amount),
  });
  return fc.array(
    fc.oneof(
      step(3, 'commit', commit),
      step(8, 'offer', commit),
      step(2, 'commitAndOffer', commit),
      step(3, 'acknowledge'),
      step(1, 'loseBatch'),
      step(1, 'loseAcknowledgement'),
      step(2, 'tend'),
      step(4, 'spill'),
      step(3, 'loseHistory'),
      step(3, 'interruptWaiting'),
      step(2, 'interruptReading'),
      step(4, 'wait'),
    ),
    { minLength: steps / 4, maxLength: steps },
  );
};

/** The server's pace is part of a run: a smaller plan may pass where a large one failed. */
const ONCE = { endOnFailure: true };

describe('a lane and its catching up', () => {
  let client: MongoClient;
  let source: Db;

  before(async () => {
    client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
    source = client.db(freshDatabase('catching'));
    await createOutboxIndexes(source);
  });
  after(async () => {
    await source.dropDatabase();
    await client.close();
  });

  const holds = (plan: ReturnType<typeof plans>, scene: Plan = []) =>
    fc.asyncProperty(plan, async (steps) => {
      await source.collection(OUTBOX).deleteMany({});
      const world = await openWorld(source);
      for (const [name, amount] of [...scene, ...steps]) {
        await world.steps[name](amount);
        world.checkFloor();
      }
      await world.finish();
      assert.deepEqual(world.missing(), []);
      assert.deepEqual(world.strange(), []);
      assert.ok(world.isAtStream());
    });

  it('sends all there is, and its floor is never above what is not acknowledged', async function () {
    this.timeout(60_000);
    const commit = fc.integer({ min: 1, max: 30 });
    const plan = plans({ commit, steps: 40 });
    await fc.assert(holds(plan), { numRuns: 100, ...ONCE });
  });
  it('does so when there is more than it has room for', async function () {
    this.timeout(60_000);
    const commit = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1_000, max: 2_000 }));
    const plan = plans({ commit, steps: 20 });
    await fc.assert(holds(plan, JOINING_WITHOUT_ROOM), { numRuns: 8, ...ONCE });
  });
});
