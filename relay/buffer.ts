import type { OutboxEvent } from './outbox-event.ts';
import type { Segment } from './progress.ts';

/** An event that waits to be sent to one consumer. */
export type Entry = {
  readonly event: OutboxEvent;
  /** JSON as it will be sent. */
  readonly text: string;
  /** Only to close a gap: no effect waits for it. */
  readonly isBare: boolean;
  readonly segment: Segment;
};

/** What one consumer is still to get, by tenant. A batch takes from every tenant its share. */
export type Buffer = {
  readonly tenants: Map<string, Entry[]>;
  count: number;
  bytes: number;
  /** Those of them that are not bare. */
  whole: number;
};

/** What goes as one job at the most. */
export type Limits = { readonly events: number; readonly bytes: number };

export const emptyBuffer = (): Buffer => ({ tenants: new Map(), count: 0, bytes: 0, whole: 0 });

export const put = (buffer: Buffer, entry: Entry): void => {
  const { tenant } = entry.event;
  const waiting = buffer.tenants.get(tenant);
  if (waiting === undefined) buffer.tenants.set(tenant, [entry]);
  else waiting.push(entry);
  buffer.count += 1;
  buffer.bytes += entry.text.length;
  if (!entry.isBare) buffer.whole += 1;
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
  buffer.whole -= entries.filter(({ isBare }) => !isBare).length;
  buffer.tenants.delete(tenant);
  if (waiting.length > 0) buffer.tenants.set(tenant, waiting);
  return { entries, bytes };
};
