import assert from 'node:assert/strict';
import { customResourceDefinition } from './crd.ts';
import { KINDS } from './kinds.ts';
import { rulesOf } from './rules.ts';
import type { StructuralSchema } from './structural-schema.ts';

type Place = { readonly path: string; readonly schema: StructuralSchema };

/** A schema and all below it. */
const placesIn = (schema: StructuralSchema, path = ''): Place[] => {
  const below: [string, StructuralSchema | undefined][] = [
    ...Object.entries(schema.properties ?? {}),
    ['[]', schema.items],
    ['*', schema.additionalProperties],
  ];
  const inside = below.flatMap(([name, child]) => (child ? placesIn(child, `${path}.${name}`) : []));
  return [{ path, schema }, ...inside];
};

const isFree = ({ schema }: Place): boolean => schema['x-kubernetes-preserve-unknown-fields'] === true;

/** How long a text, a list or a map may be: what the API server needs to know to estimate a rule's cost. */
const isBounded = ({ schema }: Place): boolean => {
  const { type, items, additionalProperties } = schema;
  if (type === 'string') return ['maxLength', 'enum', 'format'].some((keyword) => keyword in schema);
  if (items) return 'maxItems' in schema;
  return !additionalProperties || 'maxProperties' in schema;
};

const paths = (places: readonly Place[]): string[] => places.map(({ path }) => path);

for (const kind of KINDS) {
  describe(`the CustomResourceDefinition of ${kind.kind}`, () => {
    const { metadata, spec } = customResourceDefinition(kind);
    const [version] = spec.versions;
    const whole = version?.schema.openAPIV3Schema as StructuralSchema;
    const within = (field: string): Place[] =>
      placesIn(whole).filter(({ path }) => path.startsWith(`.${field}`));

    it('is named, grouped and short as kubectl wants it', () => {
      assert.equal(metadata.name, `${spec.names.plural}.cadastre.dev`);
      assert.equal(spec.scope, 'Cluster');
      assert.deepEqual(spec.names.categories, ['cadastre']);
      assert.deepEqual(version?.subresources, { status: {} });
      assert.equal(version?.additionalPrinterColumns.at(-1)?.name, 'Age');
      assert.ok(version?.additionalPrinterColumns.some(({ name }) => name === 'Ready'));
    });

    it('describes every field', () => {
      const items = /\.(\[\]|\*)$/;
      const fields = [...within('spec'), ...within('status')].filter(({ path }) => !items.test(path));
      assert.deepEqual(paths(fields.filter(({ schema }) => !schema.description)), []);
    });

    it('bounds everything that a user writes', () => {
      assert.deepEqual(paths(within('spec').filter((place) => !isFree(place) && !isBounded(place))), []);
    });

    it('refuses with a sentence alone: no bare pattern, one line, what to write', () => {
      const places = placesIn(whole);
      assert.deepEqual(paths(places.filter(({ schema }) => schema.pattern !== undefined)), []);
      for (const { message } of places.flatMap(({ schema }) => rulesOf(schema)))
        assert.match(message, /^[^\n]{20,}$/);
    });

    it('has no rule over the status, which the operator copies from what was checked', () => {
      assert.deepEqual(paths(within('status').filter(({ schema }) => rulesOf(schema).length > 0)), []);
    });

    it('keeps conditions by their type', () => {
      const conditions = within('status').find(({ path }) => path === '.status.conditions')?.schema;
      assert.deepEqual(conditions?.['x-kubernetes-list-map-keys'], ['type']);
    });

    it('has no text that a Helm template would read as its own', () => {
      assert.doesNotMatch(JSON.stringify(spec), /\{\{|\}\}"?[a-z]/);
    });
  });
}
