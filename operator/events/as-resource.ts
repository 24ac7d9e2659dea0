import { z } from 'zod';
import { type BoundedContext, boundedContextKind, boundedContextSpec } from '../api/bounded-context.ts';
import { apiVersionOf } from '../engine/resource.ts';
import { platform } from './context.ts';

/** What a reader of the JSON Schema needs: later producers may add fields. */
const jsonSchema = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
};

const spec = boundedContextSpec.parse({
  version: platform.version,
  image: `cadastre/operator:${platform.version}`,
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
    consumes: platform.reactions
      .filter(({ to }) => to.context === context)
      .map(({ to }) => ({ type: to.type, reads: jsonSchema(to.schema) })),
  })),
});

/**
 * The operator as a BoundedContext that nobody applies: contexts may name `platform` as their upstream, and what it
 * reads of them must stay published. It runs, so it is released.
 */
export const platformContext: BoundedContext = {
  apiVersion: apiVersionOf(boundedContextKind),
  kind: boundedContextKind.kind,
  metadata: { name: platform.name },
  spec,
  status: { conditions: [], released: spec },
};
