import { z } from 'zod';
import type { BoundedContextSpec } from '../api/bounded-context.ts';
import { platform } from './context.ts';

/** What a reader of the JSON Schema needs: later producers may add fields. */
const jsonSchema = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
};

/**
 * The operator as the spec of a BoundedContext, which nobody applies: contexts may name `platform` as their upstream,
 * and whoever checks the map treats it as released.
 */
export const platformSpec: Omit<BoundedContextSpec, 'image' | 'resources'> = {
  version: platform.version,
  scope: 'Platform',
  publishes: Object.values(platform.publishes.events).map(({ type, kind, schema }) => ({
    type,
    subjectKind: kind,
    schema: jsonSchema(schema),
  })),
  upstreams: platform.upstreams.map(({ context, relation, start, staleness }) => ({
    context,
    relation,
    via: 'events',
    start,
    staleness,
    consumes: platform.reactions.map(({ to }) => ({ type: to.type, reads: jsonSchema(to.schema) })),
  })),
};
