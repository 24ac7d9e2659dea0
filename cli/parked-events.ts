import { z } from 'zod';
import { askAll, type ContextPort, get } from './context-ports.ts';

/** What of the admin port's answer the commands rely on; the rest is passed through. */
const answerSchema = z.object({
  parked: z.array(
    z.looseObject({
      stream: z.string(),
      sequence: z.int(),
      behind: z.int(),
      failure: z.looseObject({ code: z.string(), reason: z.string(), attempts: z.int(), at: z.string() }),
    }),
  ),
});

export type ParkedEvent = z.infer<typeof answerSchema>['parked'][number];

/** An event that failed for good in one context. */
export type Parked = ParkedEvent & { readonly port: ContextPort };

/** All that is parked in these contexts, the oldest of each first. */
export const parkedEvents = async (ports: readonly ContextPort[]): Promise<Parked[]> => {
  const answers = await askAll(ports, async (port) => answerSchema.parse(await get(port, '/parked')));
  return answers.flatMap(({ port, answer }) => answer.parked.map((one) => ({ ...one, port })));
};
