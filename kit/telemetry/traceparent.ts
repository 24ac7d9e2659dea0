import { randomBytes } from './random-bytes.ts';

/** A position in a trace (W3C Trace Context): 32 and 16 lower-case hex digits and the flags. */
export type Traceparent = { readonly traceId: string; readonly spanId: string; readonly flags: number };

// A version after 00 may add fields; the four that we know keep their places.
const SHAPE = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 1;

/** undefined where the header is malformed: a trace then starts anew, as W3C asks. */
export const parseTraceparent = (header: string): Traceparent | undefined => {
  const [, version, traceId, spanId, flags, more] = SHAPE.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
};

export const formatTraceparent = ({ traceId, spanId, flags }: Traceparent): string =>
  `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`;

/**
 * The start of a trace that nobody began before. It is marked as sampled, so that whoever records further
 * down the line records it.
 */
export const newTraceparent = (): string => {
  const digits = randomBytes(24).toString('hex');
  const [traceId, spanId] = [digits.slice(0, 32), digits.slice(32)];
  return formatTraceparent({ traceId, spanId, flags: SAMPLED });
};
