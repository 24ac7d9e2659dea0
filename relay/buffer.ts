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
  let room = limits;
  while (buffer.count > 0 && room.events > 0 && (room.bytes > 0 || taken.length === 0)) {
    const share = Math.max(1, Math.floor(room.events / buffer.tenants.size));
    for (const tenant of [...buffer.tenants.keys()]) {
      if (room.events === 0 || (room.bytes <= 0 && taken.length > 0)) break;
      const part = takeShare(buffer, tenant, { events: Math.min(share, room.events), bytes: room.bytes });
      room = { events: room.events - part.entries.length, bytes: room.bytes - part.bytes };
      taken.push(...part.entries);
    }
  }
  return taken;
};

/** Takes from one tenant, who goes to the end, so that a full batch does not always leave out the same ones. */
const takeShare = (buffer: Buffer, tenant: string, share: Limits): { entries: Entry[]; bytes: number } => {
  const waiting = buffer.tenants.get(tenant) ?? [];
  let bytes = 0;
  let count = 0;
  for (const { text } of waiting) {
    if (count === share.events || (count > 0 && bytes + text.length > share.bytes)) break;
    bytes += text.length;
    count += 1;
  }
  const entries = waiting.splice(0, count);
  buffer.count -= count;
  buffer.bytes -= bytes;
  buffer.tenants.delete(tenant);
  if (waiting.length > 0) buffer.tenants.set(tenant, waiting);
  return { entries, bytes };
};
