import { z } from 'zod';
import type { BoundedContext, Upstream } from '../../kit/context/context.ts';
import { consumedTypes } from '../../kit/inbox/reaction.ts';

/** The spec of a BoundedContext that says of a context what its code says: the map to check is the map that runs. */
export const specOf = (context: BoundedContext) => ({
  version: context.version,
  image: `cadastre/${context.name}:${context.version}`,
  scope: context.scope ?? 'Tenant',
  ...(context.frontDoor && { frontDoor: true }),
  publishes: Object.values(context.publishes.events).map(({ type, kind, schema }) => ({
    type,
    subjectKind: kind,
    schema: jsonSchema(schema),
  })),
  upstreams: context.upstreams.map((upstream) => downstreamOf(context, upstream)),
});

/** With `via` always: whoever applies a list to which the API server adds defaults sees a change each time. */
const downstreamOf = (context: BoundedContext, { via = 'events', ...upstream }: Upstream) => ({
  context: upstream.context,
  relation: upstream.relation,
  via,
  start: upstream.start,
  staleness: upstream.staleness,
  consumes: consumed(context, upstream),
});

const consumed = ({ reactions }: BoundedContext, { context }: Upstream) =>
  consumedTypes(reactions, context).map(({ type, schema }) => ({ type, reads: jsonSchema(schema) }));

/** As a reader sees it, who tolerates fields that a later producer adds. */
const jsonSchema = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', override: formatSuffices });
  return rest;
};

/** zod adds to `format: date-time` a pattern that says the same in 300 characters. */
const formatSuffices = ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
};
