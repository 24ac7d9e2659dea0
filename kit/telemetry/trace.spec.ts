import assert from 'node:assert/strict';
import { SpanKind, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { withSpan } from './trace.ts';
import { newTraceparent, parseTraceparent } from './traceparent.ts';

const GIVEN = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('withSpan', () => {
  describe('when no SDK is registered', () => {
    it('hands on what it was given and returns what its function returns', async () => {
      assert.equal(await withSpan('publish', { traceparent: GIVEN }, (own) => own), GIVEN);
      assert.equal(await withSpan('publish', {}, (own) => own), undefined);
    });

    it('throws what its function throws', async () => {
      const failure = new Error('no');
      await assert.rejects(
        withSpan('publish', { traceparent: GIVEN }, () => Promise.reject(failure)),
        failure,
      );
    });
  });

  describe('when an SDK records', () => {
    const exporter = new InMemorySpanExporter();
    before(() => {
      const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
      trace.setGlobalTracerProvider(provider);
    });
    after(() => trace.disable());
    beforeEach(() => exporter.reset());

    it('makes one trace of request, relay and handler across serialised traceparents', async () => {
      const inOutbox = await withSpan(
        'POST /v1/orders',
        { traceparent: GIVEN, kind: SpanKind.SERVER },
        (own) => own,
      );
      const inQueue = await withSpan(
        'relay',
        { traceparent: inOutbox, kind: SpanKind.PRODUCER },
        (own) => own,
      );
      await withSpan('handle', { traceparent: inQueue, kind: SpanKind.CONSUMER }, () => undefined);
      const [request, relay, handler] = exporter.getFinishedSpans();
      assert.equal(request?.parentSpanContext?.spanId, '00f067aa0ba902b7');
      assert.equal(request?.parentSpanContext?.isRemote, true);
      assert.equal(relay?.parentSpanContext?.spanId, request?.spanContext().spanId);
      assert.equal(handler?.parentSpanContext?.spanId, relay?.spanContext().spanId);
      for (const span of [request, relay, handler]) {
        assert.equal(span?.spanContext().traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
      }
      assert.equal(handler?.kind, SpanKind.CONSUMER);
    });

    it('begins a trace where none is given, or a malformed one', async () => {
      for (const traceparent of [undefined, 'nonsense']) {
        const own = await withSpan('begin', { traceparent }, (mine) => mine);
        assert.ok(own !== undefined && parseTraceparent(own));
      }
      assert.ok(exporter.getFinishedSpans().every((span) => span.parentSpanContext === undefined));
    });

    it('notes a failure on the span and ends it', async () => {
      const failing = withSpan('fail', { attributes: { 'cadastre.tenant': 'acme' } }, () =>
        Promise.reject('no'),
      );
      await assert.rejects(failing);
      const [span] = exporter.getFinishedSpans();
      assert.equal(span?.status.code, 2);
      assert.equal(span?.events[0]?.name, 'exception');
      assert.equal(span?.attributes['cadastre.tenant'], 'acme');
    });

    it('hands on the given traceparent where the caller chose not to be recorded', async () => {
      const unsampled = GIVEN.replace(/01$/, '00');
      assert.equal(await withSpan('quiet', { traceparent: unsampled }, (own) => own), unsampled);
      assert.equal(exporter.getFinishedSpans().length, 0);
    });
  });
});

describe('parseTraceparent', () => {
  it('reads what newTraceparent and others write', () => {
    assert.deepEqual(parseTraceparent(GIVEN), {
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      flags: 1,
    });
    assert.ok(parseTraceparent(newTraceparent()));
    assert.notEqual(newTraceparent(), newTraceparent());
    assert.ok(parseTraceparent(`${GIVEN.replace(/^00/, '01')}-more`), 'a later version may have more fields');
  });

  const malformed = {
    'an unknown version': GIVEN.replace(/^00/, 'ff'),
    'more than version 00 has': `${GIVEN}-more`,
    'no trace id': GIVEN.replace(/4bf9\w+/, '0'.repeat(32)),
    'no span id': GIVEN.replace('00f067aa0ba902b7', '0'.repeat(16)),
    'upper case': GIVEN.toUpperCase(),
    nothing: '',
  };
  for (const [what, header] of Object.entries(malformed)) {
    it(`refuses ${what}`, () => assert.equal(parseTraceparent(header), undefined));
  }
});
