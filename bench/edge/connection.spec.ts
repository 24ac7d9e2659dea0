import { deepEqual, equal, throws } from 'node:assert/strict';
import { answerIn, requestOf } from './connection.ts';

const WHOLE = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx: y\r\n\r\nhello';
const read = (text: string) => answerIn(Buffer.from(text));

describe('answerIn', () => {
  it('reads status and body', () => {
    const answer = read(WHOLE);
    deepEqual([answer?.status, answer?.body.toString()], [200, 'hello']);
  });
  it('waits for what is missing, wherever it was cut', () => {
    for (let length = 0; length < WHOLE.length; length += 1) equal(read(WHOLE.slice(0, length)), undefined);
  });
  it('takes an answer that has no body', () =>
    equal(read('HTTP/1.1 204 No Content\r\nx: y\r\n\r\n')?.status, 204));
  it('refuses one of unknown length', () =>
    throws(() => read('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')));
});

describe('requestOf', () => {
  it('writes a body with its length in bytes', () => {
    const [head, body] = requestOf({ method: 'POST', path: '/x', body: { a: 'ä' } })
      .toString()
      .split('\r\n\r\n');
    equal(body, '{"a":"ä"}');
    equal(head?.includes('content-length: 10'), true);
  });
});
