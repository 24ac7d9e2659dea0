import assert from 'node:assert/strict';
import { SpanKind, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { mongoCommandHandler } from '../kit/aggregate/command-handler.ts';
import type { CloudEvent } from '../kit/event/cloud-event.ts';
import { mongoInbox } from '../kit/inbox/inbox.ts';
import { OUTBOX, type OutboxDocument } from '../kit/outbox/outbox.ts';
import { withSpan } from '../kit/telemetry/trace.ts';
import { newTraceparent } from '../kit/telemetry/traceparent.ts';
import { counter, counterLanguage, tallyLanguage, tallyReactions } from '../kit/testing/tally.ts';
import { type Harness, logger, openHarness, until } from '../relay/testing/harness.ts';

describe('a trace', () => {
  const exporter = new InMemorySpanExporter();
  let harness: Harness;

  before(() => {
    const spanProcessors = [new SimpleSpanProcessor(exporter)];
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
  });
  beforeEach(async () => {
    harness = await openHarness();
  });
  afterEach(() => harness.stop());
  after(() => trace.disable());

  /** What a request does: a command within the span of its route. */
  const count = (traceparent: string) =>
    withSpan('POST /v1/counts', { traceparent, kind: SpanKind.SERVER }, async (handedOn) => {
      const handler = mongoCommandHandler(harness.client, harness.source, counterLanguage);
      const decide = () => ({ counter: [{ type: 'Counted' as const, data: { counter: 'one', value: 1 } }] });
      const cause = handedOn === undefined ? {} : { traceparent: handedOn };
      await handler.handle({ keys: { counter: counter.key('one') }, decide }, { tenant: 'acme', cause });
    });

  it('spans the request, the relay and the handler, and goes on with what follows', async () => {
    const { client } = harness;
    const db = client.db(`${harness.source.databaseName}-t`);
    const { signal } = new AbortController();
    const inbox = mongoInbox({
      client,
      db,
      language: tallyLanguage,
      reactions: tallyReactions,
      signal,
      logger,
    });
    harness.map = harness.mapOf({ consumers: [{ name: 'tallying' }] });
    harness.receive('tallying', inbox.handle);
    harness.startRelay();
    await until(async () => (await harness.relayDb.collection('watermarks').countDocuments()) === 1);

    const traceparent = newTraceparent();
    await count(traceparent);
    const spanOf = (name: string): ReadableSpan | undefined =>
      exporter.getFinishedSpans().find((span) => span.name === name);
    await until(() => spanOf('handle counting.counted.v1') !== undefined);

    const names = ['POST /v1/counts', 'relay counting.counted.v1', 'handle counting.counted.v1'];
    const [request, relayed, handled] = names.map(spanOf);
    const traceId = traceparent.split('-')[1];
    assert.deepEqual(
      [request, relayed, handled].map((span) => span?.spanContext().traceId),
      [traceId, traceId, traceId],
    );
    const requestId = request?.spanContext().spanId;
    assert.deepEqual(
      [relayed, handled].map((span) => span?.parentSpanContext?.spanId),
      [requestId, requestId],
    );
    const follows = await db.collection<OutboxDocument>(OUTBOX).findOne();
    const { traceparent: handedOn } = JSON.parse(follows?.event ?? '{}') as CloudEvent;
    assert.equal(handedOn, `00-${traceId}-${handled?.spanContext().spanId}-01`);
    await db.dropDatabase();
  });
});
