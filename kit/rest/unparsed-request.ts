import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { RequestRefused } from './errors.ts';
import { problemBody, problemOf } from './problem.ts';

const REFUSALS: Readonly<Record<string, RequestRefused>> = {
  HPE_HEADER_OVERFLOW: new RequestRefused(
    'head-too-large',
    'the request line and headers have more than 16 KB: send less',
  ),
  ERR_HTTP_REQUEST_TIMEOUT: new RequestRefused(
    'request-timeout',
    'the request did not arrive in time: send the head within 10 s and the whole within 30 s',
  ),
};

const MALFORMED = new RequestRefused('malformed-request', 'this is not HTTP/1.1: send a valid request');

/**
 * Answers what Node could not parse, or did not get in time, like any other refusal. No middleware ever sees such a
 * request; the connection ends with the answer.
 */
export const refuseUnparsed = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const problem = problemOf(REFUSALS[error.code ?? ''] ?? MALFORMED, {});
  const body = problemBody(problem, { requestId: uuidv7() });
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};
