import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { readingsOf } from '../context-map/readings.ts';
import { misfits } from '../context-map/schema/misfits.ts';
import { aContext, type ContextFields } from '../context-map/testing/a-context.ts';
import { laggingCluster } from './testing/lagging-cluster.ts';

const NAMES = ['a', 'b', 'c'] as const;
const FIELDS = ['f', 'g', 'h'] as const;
type Name = (typeof NAMES)[number];
type Relation = 'AnticorruptionLayer' | 'Partnership';

const data = (fields: readonly string[]) =>
  z.object(Object.fromEntries(fields.map((field) => [field, z.int()])));

/** A context that publishes some fields, reads some of others, and may declare all of these its partners. */
const aSpecOf = (name: Name): fc.Arbitrary<ContextFields> => {
  const some = fc.subarray([...FIELDS]);
  const relation = fc.constantFrom<Relation>('AnticorruptionLayer', 'Partnership');
  return fc
    .record({ publishes: some, a: some, b: some, c: some, relation })
    .map(({ publishes, relation, ...reads }) => ({
      publishes: { [`${name}.done.v1`]: data(publishes) },
      upstreams: Object.fromEntries(
        NAMES.filter((other) => other !== name && reads[other].length > 0).map((other) => [
          other,
          { relation, reads: { [`${other}.done.v1`]: data(reads[other]) } },
        ]),
      ),
    }));
};

/** What happens to a cluster: a user applies, the caches catch up by some writes, the operator looks, a write lands. */
type Step =
  | { readonly does: 'apply'; readonly name: Name; readonly fields: ContextFields }
  | { readonly does: 'catchUp'; readonly by: number }
  | { readonly does: 'reconcile'; readonly name: Name }
  | { readonly does: 'write' };

const aName = fc.constantFrom(...NAMES);
const aStep: fc.Arbitrary<Step> = fc.oneof(
  aName.chain((name) => aSpecOf(name).map((fields) => ({ does: 'apply' as const, name, fields }))),
  fc.integer({ min: 1, max: 4 }).map((by) => ({ does: 'catchUp' as const, by })),
  aName.map((name) => ({ does: 'reconcile' as const, name })),
  fc.constant({ does: 'write' as const }),
);

const play = async (steps: readonly Step[]) => {
  const cluster = laggingCluster();
  for (const step of steps) {
    if (step.does === 'apply') cluster.apply(aContext(step.name, step.fields));
    if (step.does === 'catchUp') cluster.catchUp(step.by);
    if (step.does === 'reconcile') await cluster.reconcile(step.name);
    if (step.does === 'write') cluster.write();
  }
  return cluster;
};

const brokenReadings = (cluster: ReturnType<typeof laggingCluster>): string[] => {
  const released = cluster
    .contexts()
    .flatMap(({ metadata, status }) =>
      status?.released ? [{ name: metadata.name, spec: status.released }] : [],
    );
  return released
    .flatMap((reader) => readingsOf(reader, released))
    .filter(({ published, reads }) => published === undefined || misfits(published, reads).length > 0)
    .map(({ reader, type }) => `${reader.name} cannot read ${type}`);
};

describe('the landscape that is observed', () => {
  it('never lets two versions be released that do not fit, however far the caches are behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 20, maxLength: 80, size: 'max' }), async (steps) => {
        const cluster = await play(steps);
        await cluster.rest();
        assert.deepEqual(brokenReadings(cluster), []);
      }),
      { numRuns: 300 },
    );
  });
});
