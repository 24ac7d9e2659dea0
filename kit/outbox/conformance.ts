import assert from 'node:assert/strict';
import type { ClientSession } from 'mongodb';
import type { DomainEvent } from '../aggregate/aggregate.ts';
import type { CloudEvent } from '../event/cloud-event.ts';
import { counterLanguage } from '../testing/tally.ts';
import { type Outbox, type OutboxDocument, outboxDocument } from './outbox.ts';

/** What an adapter gives the suite. */
export type OutboxUnderTest = {
  readonly outbox: Outbox;
  /** Runs a transaction; one whose body throws is aborted, and the error comes through. */
  transaction(body: (session: ClientSession) => Promise<void>): Promise<void>;
  /** All that a relay would find, oldest first. */
  read(): Promise<readonly OutboxDocument[]>;
  close(): Promise<void>;
};

const aDocument = (sequence: number, event: Partial<DomainEvent> = {}): OutboxDocument => {
  const fact = {
    language: counterLanguage,
    tenant: 'acme',
    subject: 'counter/one',
    sequence,
    event: { type: 'Counted', data: { counter: 'one', value: sequence }, ...event },
    cause: { correlationid: 'request-1' },
    time: '2026-01-01T00:00:00.000Z',
  };
  return outboxDocument(fact, counterLanguage.events.Counted);
};

/** The guarantees of `outbox.ts`, for every adapter of its port. */
export const describeOutbox = (name: string, open: () => Promise<OutboxUnderTest>): void => {
  describe(`${name} as an outbox`, () => {
    let under: OutboxUnderTest;
    const append = (...documents: OutboxDocument[]) =>
      under.transaction((session) => under.outbox.append(documents, session));
    const sequences = async () => (await under.read()).map(({ sequence }) => sequence);
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    it('keeps what commits, in order', async () => {
      await append(aDocument(1), aDocument(2));
      await append(aDocument(3));
      assert.deepEqual(await sequences(), [1, 2, 3]);
    });
    it('keeps nothing of what aborts', async () => {
      const aborted = under.transaction(async (session) => {
        await under.outbox.append([aDocument(1)], session);
        throw new Error('the command failed after all');
      });
      await assert.rejects(aborted, /the command failed/);
      assert.deepEqual(await sequences(), []);
    });
    it('refuses a sequence that a subject has used already', async () => {
      await append(aDocument(1));
      await assert.rejects(append(aDocument(1)));
      assert.deepEqual(await sequences(), [1]);
    });
    it('stamps each event with the clock of the server', async () => {
      await append(aDocument(1));
      const [document] = await under.read();
      assert.ok(document !== undefined && Math.abs(document.at.t - Date.now() / 1_000) < 60);
    });
    it('keeps the CloudEvent as it was written', async () => {
      await append(aDocument(1));
      const [document] = await under.read();
      const { id, ...event } = JSON.parse(document?.event ?? '{}') as CloudEvent;
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      assert.deepEqual(event, {
        specversion: '1.0',
        source: '/counting',
        type: 'counting.counted.v1',
        subject: 'counter/one',
        time: '2026-01-01T00:00:00.000Z',
        datacontenttype: 'application/json',
        tenant: 'acme',
        sequence: '0000000001',
        correlationid: 'request-1',
        data: { counter: 'one', value: 1 },
      });
    });
  });
};
