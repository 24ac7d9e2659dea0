import { isDeepStrictEqual } from 'node:util';
import { flatten } from './flatten.ts';
import { type Keywords, type Schema, schemaMapAt, schemasAt, textsAt } from './keywords.ts';
import { isImpossible, isRequired, kindsIn, type Produced, property, valuesOf } from './produced.ts';

type Sides = { readonly produced: Produced; readonly producedRoot: Keywords; readonly readRoot: Keywords };

/** Tagged unions have their tag at the top; looking deeper finds little more. */
const MAX_DEPTH = 4;

/** Whether certainly nothing that is published satisfies this alternative of a reader. */
export const isDisjoint = (sides: Sides, read: Schema, depth = 0): boolean => {
  if (depth > MAX_DEPTH) return false;
  const nodes = flatten(read, sides.readRoot);
  return (
    haveNoCommonKind(sides.produced, nodes) ||
    haveNoCommonValue(sides.produced, nodes) ||
    nodes.some((node) => isDisjointUnion(sides, node, depth)) ||
    isDisjointObject(sides, nodes, depth)
  );
};

const haveNoCommonKind = (produced: Produced, nodes: Produced): boolean => {
  const accepted = kindsIn(nodes);
  return ![...kindsIn(produced)].some((kind) => accepted.has(kind));
};

const haveNoCommonValue = (produced: Produced, nodes: Produced): boolean => {
  const accepted = valuesOf(nodes);
  return (
    accepted !== undefined &&
    valuesOf(produced)?.every((value) => !accepted.some((one) => isDeepStrictEqual(one, value))) === true
  );
};

const isDisjointUnion = (sides: Sides, node: Keywords, depth: number): boolean =>
  ['anyOf', 'oneOf'].some((keyword) => {
    const alternatives = schemasAt(node, keyword);
    return alternatives.length > 0 && alternatives.every((one) => isDisjoint(sides, one, depth + 1));
  });

/** Objects are, when a property that one of them requires can have no value that suits both: the tag of a union. */
const isDisjointObject = (sides: Sides, nodes: Produced, depth: number): boolean => {
  const { produced, producedRoot } = sides;
  const isObject = [...kindsIn(produced)].every((kind) => kind === 'object');
  if (!isObject) return false;
  return nodes.some((node) =>
    [...schemaMapAt(node, 'properties')].some(([name, schema]) => {
      const isThere =
        isRequired(produced, name) || nodes.some((one) => textsAt(one, 'required').includes(name));
      const own = property(produced, name, producedRoot);
      return isThere && (isImpossible(own) || isDisjoint({ ...sides, produced: own }, schema, depth + 1));
    }),
  );
};
