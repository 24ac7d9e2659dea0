import type { JsonSchema } from '../api/common.ts';
import type { Misfit } from './schema/misfit.ts';
import { misfits } from './schema/misfits.ts';
import type { Version } from './version.ts';

/** One event type that one version reads of another. */
export type Reading = {
  readonly reader: Version;
  readonly producer: Version;
  readonly type: string;
  readonly reads: JsonSchema;
  /** Undefined where the producer does not publish it. */
  readonly published: JsonSchema | undefined;
};

/** Everything that one version reads of these others. */
export const readingsOf = (reader: Version, others: readonly Version[]): Reading[] =>
  reader.spec.upstreams.flatMap(({ context, consumes }) =>
    others
      .filter(({ name }) => name === context)
      .flatMap((producer) =>
        consumes.map(({ type, reads }) => ({
          reader,
          producer,
          type,
          reads,
          published: published(producer, type),
        })),
      ),
  );

const published = ({ spec }: Version, type: string): JsonSchema | undefined =>
  spec.publishes.find((event) => event.type === type)?.schema;

/** The same reading of another version of the producer. */
export const readingOf = (producer: Version, { reader, type, reads }: Reading): Reading => ({
  reader,
  producer,
  type,
  reads,
  published: published(producer, type),
});

/** Schemas are compared once for as long as their objects are in the caches. */
const known = new WeakMap<JsonSchema, WeakMap<JsonSchema, readonly Misfit[]>>();

export const compared = (published: JsonSchema, reads: JsonSchema): readonly Misfit[] => {
  const ofPublished = known.get(published) ?? new WeakMap<JsonSchema, readonly Misfit[]>();
  known.set(published, ofPublished);
  const found = ofPublished.get(reads) ?? misfits(published, reads);
  ofPublished.set(reads, found);
  return found;
};

/** Empty where nothing is published: that is another fault. */
export const misfitsOf = ({ published, reads }: Reading): readonly Misfit[] =>
  published === undefined ? [] : compared(published, reads);
