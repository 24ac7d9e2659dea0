import { z } from 'zod';
import type { CloudEvent, StartMode } from '../event/cloud-event.ts';
import type { Batch } from '../queue/queue.ts';

/** One entry of a batch, as far as the inbox must know it to put it in order. */
export type Arrival = {
  /** `<source>/<tenant>/<subject>`: within it sequences count 1, 2, 3 … */
  readonly stream: string;
  readonly sequence: number;
  /** Set on a join mark, which moves a stream instead of continuing it. */
  readonly mark: StartMode | undefined;
  /** The whole event; undefined for one that this consumer did not ask for. */
  readonly event: CloudEvent | undefined;
  /** Why nobody can read the event: it parks. */
  readonly unreadable?: string | undefined;
};

/** A bare event, or a note that one cannot be read. */
const otherSchema = z.object({
  source: z.string(),
  tenant: z.string(),
  subject: z.string(),
  sequence: z.number().int().positive(),
  unreadable: z.string().optional(),
});

/**
 * Reads a batch. The envelope is checked only where it is used, by type: producers are kits like this one,
 * and what the data must look like is the reaction's schema to say.
 */
export const arrivalsOf = (batch: Pick<Batch, 'events'>): Arrival[] => batch.events.map(arrivalOf);

export const arrivalOf = (entry: unknown): Arrival =>
  isCloudEvent(entry) ? eventArrival(entry) : otherArrival(otherSchema.parse(entry));

/** The whole check is for events from elsewhere; between kits the version of CloudEvents tells enough. */
const isCloudEvent = (entry: unknown): entry is CloudEvent =>
  typeof entry === 'object' && entry !== null && 'specversion' in entry && entry.specversion === '1.0';

const eventArrival = (event: CloudEvent): Arrival => ({
  stream: streamOf(event),
  sequence: Number(event.sequence),
  mark: event.mark,
  event,
});

const otherArrival = ({ unreadable, ...bare }: z.infer<typeof otherSchema>): Arrival => ({
  stream: streamOf({ ...bare, source: `/${bare.source}` }),
  sequence: bare.sequence,
  mark: undefined,
  event: undefined,
  ...(unreadable !== undefined && { unreadable }),
});

const streamOf = ({ source, tenant, subject }: { source: string; tenant: string; subject: string }) =>
  `${source.slice(1)}/${tenant}/${subject}`;
