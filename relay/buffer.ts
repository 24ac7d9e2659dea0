import type { Timestamp } from 'mongodb';
import type { Segment } from './progress.ts';

/** An event that waits to be sent to one consumer, as the text that will be sent. */
export type Entry = {
  readonly tenant: string;
  readonly text: string;
  readonly at: Timestamp;
  readonly database: string;
  readonly segment: Segment;
};

/** What one consumer is still to get, by tenant. A batch takes from every tenant its share. */
export type Buffer = {
  readonly tenants: Map<string, Entry[]>;
  count: number;
  bytes: number;
};

/** What goes as one job at the most. */
export type Limits = { readonly events: number; readonly bytes: number };

export const emptyBuffer = (): Buffer => ({ tenants: new Map(), count: 0, bytes: 0 });

export const put = (buffer: Buffer, entry: Entry): void => {
  const waiting = buffer.tenants.get(entry.tenant);
  if (waiting === undefined) buffer.tenants.set(entry.tenant, [entry]);
  else waiting.push(entry);
  buffer.count += 1;
  buffer.bytes += entry.text.length;
};

/**
 * Takes up to the limits, at least one entry, in order per tenant. Tenants share what there is room for: one with
 * much to get has what the others leave.
 */
export const take = (buffer: Buffer, limits: Limits): Entry[] => {
  const taken: Entry[] = [];
  let bytes = 0;
  while (buffer.count > 0 && taken.length < limits.events && (bytes < limits.bytes || taken.length === 0)) {
    const share = Math.max(1, Math.floor((limits.events - taken.length) / buffer.tenants.size));
    for (const [tenant, waiting] of buffer.tenants) {
      const part = takePart(waiting, Math.min(share, limits.events - taken.length), limits.bytes - bytes);
      bytes += part.bytes;
      taken.push(...part.entries);
      buffer.count -= part.entries.length;
      buffer.bytes -= part.bytes;
      if (waiting.length === 0) buffer.tenants.delete(tenant);
      else rotate(buffer, tenant, waiting);
      if (taken.length >= limits.events || bytes >= limits.bytes) return taken;
    }
  }
  return taken;
};

const takePart = (waiting: Entry[], share: number, room: number): { entries: Entry[]; bytes: number } => {
  let bytes = 0;
  let count = 0;
  for (const { text } of waiting) {
    if (count >= share || (count > 0 && bytes + text.length > room)) break;
    bytes += text.length;
    count += 1;
  }
  return { entries: waiting.splice(0, count), bytes };
};

/** Whoever was served goes to the end, so that a full batch does not always leave out the same ones. */
const rotate = (buffer: Buffer, tenant: string, waiting: Entry[]): void => {
  buffer.tenants.delete(tenant);
  buffer.tenants.set(tenant, waiting);
};
