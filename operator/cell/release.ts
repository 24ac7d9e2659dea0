import { z } from 'zod';
import { START_MODES } from '../../kit/event/cloud-event.ts';
import type { BoundedContextSpec } from '../api/bounded-context.ts';

const upstreamSchema = z.object({
  context: z.string(),
  via: z.enum(['events', 'rest']),
  start: z.enum(START_MODES),
  consumes: z.array(z.object({ type: z.string(), kind: z.string() })),
});

const releaseSchema = z.object({
  version: z.string(),
  image: z.string(),
  resources: z.object({ cpu: z.string(), memory: z.string() }),
  frontDoor: z.literal(true).optional(),
  upstreams: z.array(upstreamSchema),
});

/** What a cell must know of a released version of a context, also when another one is released by now. */
export type Release = z.output<typeof releaseSchema>;
export type ReleaseUpstream = Release['upstreams'][number];

/** `kindOf` tells what an event type is about, as its publisher says; undefined while nobody publishes it. */
export const releaseOf = (
  { version, image, resources, frontDoor, upstreams }: BoundedContextSpec,
  kindOf: (type: string) => string | undefined,
): Release => ({
  version,
  image,
  resources: { cpu: resources.cpu, memory: resources.memory },
  ...(frontDoor && { frontDoor }),
  upstreams: upstreams.map(({ context, via, start, consumes }) => ({
    context,
    via,
    start,
    consumes: consumes.flatMap(({ type }) => {
      const kind = kindOf(type);
      return kind === undefined ? [] : [{ type, kind }];
    }),
  })),
});

/** Reads what a Deployment remembers; undefined when it is absent or someone has broken it. */
export const parseRelease = (text: string | undefined): Release | undefined => {
  try {
    return releaseSchema.safeParse(JSON.parse(text ?? 'null')).data;
  } catch {
    return undefined;
  }
};

/** Whether pods of the one are pods of the other; what is on the map needs no new pods. */
export const isSameProgram = (one: Release, other: Release): boolean =>
  one.image === other.image &&
  one.frontDoor === other.frontDoor &&
  one.resources.cpu === other.resources.cpu &&
  one.resources.memory === other.resources.memory;
