import type { IncomingHttpHeaders } from 'node:http';
import { USAGE_HEADER } from '../metering/reported-usage.ts';

/** RFC 9110, 7.6.1: of one connection, not of the message. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What says who asks, and what only a proxy may say: a context takes the first from us alone, and needs no other. */
const OURS = ['authorization', 'x-api-key', 'x-tenant', 'cookie', 'host', 'expect', 'forwarded', 'x-real-ip'];

const NOT_ASKED = new Set([...HOP_BY_HOP, ...OURS]);
const NOT_ANSWERED = new Set([...HOP_BY_HOP, USAGE_HEADER, 'set-cookie', 'x-request-id']);

type Headers = Record<string, string | string[]>;

/** The client's headers as the context gets them, without its identity, which `identity` takes the place of. */
export const askedHeaders = (received: IncomingHttpHeaders, identity: Headers): Headers => {
  const passed = passedOn(received, (name) => NOT_ASKED.has(name) || name.startsWith('x-forwarded-'));
  return Object.assign(passed, identity);
};

/** The context's headers as the client gets them. */
export const answeredHeaders = (received: IncomingHttpHeaders): Headers =>
  passedOn(received, (name) => NOT_ANSWERED.has(name));

const passedOn = (received: IncomingHttpHeaders, isDropped: (name: string) => boolean): Headers => {
  const named = namedBy(received.connection);
  const passed: Headers = {};
  for (const name in received) {
    const value = received[name];
    if (value !== undefined && !isDropped(name) && !named.has(name)) passed[name] = value;
  }
  return passed;
};

/** A sender may name more headers that are of its connection alone. */
const namedBy = (connection: string | undefined): Set<string> => {
  if (connection === undefined || connection === 'keep-alive') return NONE;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
};
const NONE = new Set<string>();
