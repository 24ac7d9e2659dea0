import { compareBound } from './compare-scalars.ts';
import type { Comparison } from './comparison.ts';
import { flatten } from './flatten.ts';
import { type Keywords, type Schema, schemaAt, schemasAt } from './keywords.ts';
import type { Misfit } from './misfit.ts';
import { atLeast, atMost, kindsIn, type Produced } from './produced.ts';

const elementAt = (node: Keywords, index: number): Schema | undefined =>
  schemasAt(node, 'prefixItems')[index] ?? schemaAt(node, 'items');

export const compareArrays = (comparison: Comparison): Misfit[] => {
  const { produced } = comparison;
  if (!kindsIn(produced).has('array')) return [];
  const least = Math.max(0, atLeast(produced, 'minItems'));
  return [
    ...compareBound(comparison, 'minItems', (bound) => least >= bound),
    ...compareBound(comparison, 'maxItems', (bound) => atMost(produced, 'maxItems') <= bound),
    ...compareElements(comparison),
  ];
};

/** Each position that either side has a schema of its own for, and then all later ones together. */
const compareElements = ({ produced, read, path, producedRoot, within }: Comparison): Misfit[] => {
  const nodes = [read, ...produced];
  const positions = Math.max(...nodes.map((node) => schemasAt(node, 'prefixItems').length));
  const most = atMost(produced, 'maxItems');
  const elements = (index: number): Produced =>
    produced.flatMap((node) => flatten(elementAt(node, index) ?? true, producedRoot));
  return Array.from({ length: positions + 1 }, (_, index) => index)
    .filter((index) => index < most)
    .flatMap((index) =>
      within(
        elements(index),
        elementAt(read, index) ?? true,
        index < positions ? `${path}[${index}]` : `${path}[]`,
      ),
    );
};
