import type { IncomingMessage } from 'node:http';
import type { WatchEvent } from './kube-client.ts';

/** Nothing came for so long that the connection is taken for dead. */
export class Silence extends Error {
  override name = 'Silence';
}

const NEWLINE = 0x0a;

/**
 * Lines of a body as it arrives. The clock of `idleMs` runs only while a reader waits: one that is slow to come back
 * for more does not end the watch, and until then no more is read than the socket's buffers hold.
 */
async function* lines(body: IncomingMessage, idleMs: number): AsyncGenerator<string> {
  const chunks = body[Symbol.asyncIterator]();
  let begun: Buffer[] = [];
  for (;;) {
    const timer = setTimeout(() => body.destroy(new Silence(`nothing came for ${idleMs / 1_000} s`)), idleMs);
    const next: IteratorResult<Buffer> = await chunks.next().finally(() => clearTimeout(timer));
    if (next.done) return;
    let rest = next.value;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      yield Buffer.concat([...begun, rest.subarray(0, end)]).toString('utf8');
      begun = [];
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) begun.push(rest);
  }
}

const parse = (line: string): WatchEvent => {
  try {
    return JSON.parse(line) as WatchEvent;
  } catch {
    // The parser's own message quotes the line, which may be a Secret.
    throw new Error('an event is no JSON');
  }
};

/** Ends with the body. @throws Silence; what broke the connection. */
export async function* watchEvents(body: IncomingMessage, idleMs: number): AsyncGenerator<WatchEvent> {
  for await (const line of lines(body, idleMs)) {
    if (line !== '') yield parse(line);
  }
}
