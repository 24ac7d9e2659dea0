import { z } from 'zod';
import { askAll, type ContextPort, get, labelOf } from '../context-ports.ts';

const traceSchema = z.object({
  published: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      subject: z.string(),
      tenant: z.string(),
      time: z.string(),
      correlationid: z.string().optional(),
      causationid: z.string().optional(),
    }),
  ),
  handled: z.array(z.object({ id: z.string(), at: z.string() })),
  held: z.array(
    z.object({
      id: z.string().optional(),
      heldAt: z.string(),
      failure: z.object({ code: z.string(), reason: z.string(), at: z.string() }).optional(),
    }),
  ),
});

/** What one context knows of some ids. */
export type ContextTrace = z.infer<typeof traceSchema> & {
  /** With its cell on a cluster, where a context has a database per cell. */
  readonly context: string;
};

/** Ids travel in a URL, and an HTTP server takes 16 KB of that. */
const IDS_AT_ONCE = 100;

/**
 * Asks all contexts about an id, then about every event, cause and correlation that turned up, until nothing new
 * does: what an order led to, several contexts on, names only its predecessor.
 */
export const collectTraces = async (ports: readonly ContextPort[], id: string): Promise<ContextTrace[]> => {
  const asked = new Set<string>();
  const traces: ContextTrace[] = [];
  let answering = ports;
  for (let ids = [id]; ids.length > 0; ) {
    for (const one of ids) asked.add(one);
    const now = ids;
    const answers = await askAll(answering, (port) => traceOf(port, now));
    answering = answers.map(({ port }) => port);
    traces.push(...answers.map(({ answer }) => answer));
    ids = unasked(traces, asked).slice(0, IDS_AT_ONCE);
  }
  return traces;
};

const unasked = (traces: readonly ContextTrace[], asked: ReadonlySet<string>): string[] => {
  const named = traces.flatMap(({ published }) => published.flatMap(idsOf));
  return [...new Set(named)].filter((id) => !asked.has(id));
};

const idsOf = ({ id, correlationid, causationid }: ContextTrace['published'][number]): string[] =>
  [id, correlationid, causationid].filter((one) => one !== undefined);

const traceOf = async (port: ContextPort, ids: readonly string[]): Promise<ContextTrace> => {
  const trace = traceSchema.parse(await get(port, `/trace?ids=${ids.join(',')}`));
  return { ...trace, context: labelOf(port) };
};
