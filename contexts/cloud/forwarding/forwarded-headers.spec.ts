import assert from 'node:assert/strict';
import { answeredHeaders, askedHeaders } from './forwarded-headers.ts';

describe('askedHeaders', () => {
  it('drops what is of the connection, what it names, and what claims an identity', () => {
    const received = {
      connection: 'close, x-hop',
      'x-hop': '1',
      'keep-alive': 'x',
      te: 'x',
      host: 'x',
      authorization: 'Bearer cad_x',
      'x-api-key': 'cad_x',
      'x-tenant': 'evil',
      cookie: 'x',
      'x-forwarded-for': 'x',
      accept: 'text/html',
      traceparent: 't',
    };
    assert.deepEqual(askedHeaders(received, { authorization: 'Bearer ours' }), {
      accept: 'text/html',
      traceparent: 't',
      authorization: 'Bearer ours',
    });
  });
});

describe('answeredHeaders', () => {
  it('keeps reports of usage and hops to itself', () => {
    const received = { 'x-cadastre-usage': 'a=1', 'transfer-encoding': 'chunked', etag: '"1"' };
    assert.deepEqual(answeredHeaders(received), { etag: '"1"' });
  });
});
