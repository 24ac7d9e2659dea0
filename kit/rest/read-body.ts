import type { IncomingMessage } from 'node:http';
import { RequestRefused } from './errors.ts';

export const MAX_BODY_BYTES = 1_048_576;

const NOTHING = Buffer.alloc(0);

/**
 * Reads a request's body into memory.
 * @throws RequestRefused body-too-large as soon as that is known; what is still coming is let pass unread,
 * so that the client gets to read the answer. The server's request timeout ends the patience.
 */
export const readBody = async (request: IncomingMessage, limit = MAX_BODY_BYTES): Promise<Buffer> => {
  const length = request.headers['content-length'];
  if (length === '0' || (length === undefined && request.headers['transfer-encoding'] === undefined))
    return NOTHING;
  if (Number(length) > limit) throw tooLarge(request, limit);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limit) reject(tooLarge(request, limit));
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', (cause) => reject(aborted(cause)));
    // Every request closes; an error and its stack trace cost more than all the rest of this file.
    request.on('close', () => request.complete || reject(aborted()));
  });
};

const tooLarge = (request: IncomingMessage, limit: number): RequestRefused => {
  request.resume();
  return new RequestRefused('body-too-large', `the body exceeds ${limit} bytes: send less at once`, {
    detail: { limit },
  });
};

const aborted = (cause?: unknown) =>
  new RequestRefused('request-aborted', 'the connection ended before the body did', { cause });
