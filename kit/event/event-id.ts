import { v7 } from 'uuid';
import { randomBytes } from '../telemetry/random-bytes.ts';

/** A new UUIDv7: it begins with its time, so ids sort by it and a trace knows where to look. */
export const eventId = (): string => v7({ random: randomBytes(16) });
