import { z } from 'zod';
import {
  type BoundedContext,
  type BoundedContextSpec,
  boundedContextSpec,
} from '../../api/bounded-context.ts';
import type { JsonSchema } from '../../api/common.ts';

type Schemas = Readonly<Record<string, z.ZodType | JsonSchema>>;
type UpstreamFields = {
  readonly relation?: BoundedContextSpec['upstreams'][number]['relation'];
  /** Event type → what is read of it. */
  readonly reads?: Schemas;
};
export type ContextFields = {
  readonly version?: string;
  readonly scope?: 'Platform' | 'Tenant';
  readonly frontDoor?: boolean;
  /** Event type → schema of its data. */
  readonly publishes?: Schemas;
  readonly upstreams?: Readonly<Record<string, UpstreamFields>>;
};

const asJson = (schema: z.ZodType | JsonSchema): JsonSchema =>
  schema instanceof z.ZodType ? (z.toJSONSchema(schema, { io: 'input' }) as JsonSchema) : schema;

export const aSpec = (
  name: string,
  { version = '1.0.0', scope, frontDoor, publishes, upstreams }: ContextFields = {},
) =>
  boundedContextSpec.parse({
    version,
    image: `shop/${name}:${version}`,
    scope,
    frontDoor,
    publishes: Object.entries(publishes ?? {}).map(([type, schema]) => ({
      type,
      subjectKind: 'subject',
      schema: asJson(schema),
    })),
    upstreams: Object.entries(upstreams ?? {}).map(([context, { relation, reads }]) => ({
      context,
      relation: relation ?? 'CustomerSupplier',
      consumes: Object.entries(reads ?? {}).map(([type, schema]) => ({ type, reads: asJson(schema) })),
    })),
  });

/** A context whose resource says this; `released` is what it said when it last fitted. */
export const aContext = (
  name: string,
  fields: ContextFields = {},
  released?: ContextFields,
): BoundedContext => ({
  apiVersion: 'cadastre.dev/v1alpha1',
  kind: 'BoundedContext',
  metadata: { name, generation: 1 },
  spec: aSpec(name, fields),
  ...(released && { status: { conditions: [], released: aSpec(name, released) } }),
});
