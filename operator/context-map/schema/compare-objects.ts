import type { Comparison } from './comparison.ts';
import { isTrivial, type Schema, schemaAt, schemaMapAt, textsAt } from './keywords.ts';
import type { Misfit } from './misfit.ts';
import { join } from './paths-read.ts';
import {
  isPublished,
  isRequired,
  kindsIn,
  namesOfProperties,
  otherProperties,
  property,
  propertyNames,
} from './produced.ts';

/**
 * What is read must be published, even where the reader could do without: a field that the producer does not name may
 * be anything (JSON Schema allows others), may come to be anything, or its name is misspelt.
 */
export const compareObjects = (comparison: Comparison): Misfit[] => {
  if (!kindsIn(comparison.produced).has('object')) return [];
  return [
    ...compareProperties(comparison),
    ...compareOtherProperties(comparison),
    ...compareNames(comparison),
  ];
};

const compareProperties = (comparison: Comparison): Misfit[] => {
  const required = new Set(textsAt(comparison.read, 'required'));
  const schemas = schemaMapAt(comparison.read, 'properties');
  return [...new Set([...schemas.keys(), ...required])].flatMap((name) =>
    compareProperty(comparison, name, {
      isRequiredRead: required.has(name),
      schema: schemas.get(name) ?? true,
    }),
  );
};

const compareProperty = (
  { produced, path, producedRoot, within }: Comparison,
  name: string,
  { isRequiredRead, schema }: { readonly isRequiredRead: boolean; readonly schema: Schema },
): Misfit[] => {
  const at = join(path, name);
  if (!isPublished(produced, name)) return [{ path: at, kind: 'missing', published: '', read: '' }];
  const misfits = within(property(produced, name, producedRoot), schema, at);
  if (!isRequiredRead || isRequired(produced, name)) return misfits;
  return [{ path: at, kind: 'optional', published: 'as optional', read: 'as required' }, ...misfits];
};

/** `additionalProperties`: what the reader takes of what it does not name. */
const compareOtherProperties = ({ produced, read, path, producedRoot, within }: Comparison): Misfit[] => {
  const others = schemaAt(read, 'additionalProperties') ?? true;
  if (isTrivial(others)) return [];
  const named = schemaMapAt(read, 'properties');
  const unnamed = [...propertyNames(produced)].filter((name) => !named.has(name));
  return [
    ...unnamed.flatMap((name) => within(property(produced, name, producedRoot), others, join(path, name))),
    ...within(otherProperties(produced, producedRoot), others, join(path, '*')),
  ];
};

const compareNames = ({ produced, read, path, producedRoot, within }: Comparison): Misfit[] => {
  const names = schemaAt(read, 'propertyNames');
  return names === undefined
    ? []
    : within(namesOfProperties(produced, producedRoot), names, join(path, '<name>'));
};
