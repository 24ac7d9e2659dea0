import { everyValue } from './compare-values.ts';
import type { Comparison } from './comparison.ts';
import { numberAt } from './keywords.ts';
import { differs, type Misfit, undecided } from './misfit.ts';
import { atLeast, atMost, kindsIn, type Produced } from './produced.ts';

const withBound = (keyword: string, bound: number): string =>
  Number.isFinite(bound) ? `with ${keyword} ${bound}` : `with no ${keyword}`;

/** `minLength`, `maxItems` and the like: `holds` says whether the producer keeps to the reader's bound. */
export const compareBound = (
  { produced, read, path }: Comparison,
  keyword: string,
  holds: (bound: number) => boolean,
): Misfit[] => {
  const bound = numberAt(read, keyword);
  if (bound === undefined || holds(bound)) return [];
  const own = keyword.startsWith('min') ? atLeast(produced, keyword) : atMost(produced, keyword);
  return [differs(path, withBound(keyword, own), withBound(keyword, bound))];
};

/** In characters, as JSON Schema counts them. */
const lengthOf = (value: unknown): number => [...String(value)].length;

/** A pattern or a format may bound the length without saying so. */
const mayBoundLength = (produced: Produced): boolean =>
  produced.some((node) => Object.hasOwn(node, 'pattern') || Object.hasOwn(node, 'format'));

export const compareLengths = (comparison: Comparison): Misfit[] => {
  const { produced } = comparison;
  if (!kindsIn(produced).has('string')) return [];
  const found = [
    ...compareBound(
      comparison,
      'minLength',
      (bound) =>
        everyValue(produced, 'string', (value) => lengthOf(value) >= bound) ??
        Math.max(0, atLeast(produced, 'minLength')) >= bound,
    ),
    ...compareBound(
      comparison,
      'maxLength',
      (bound) =>
        everyValue(produced, 'string', (value) => lengthOf(value) <= bound) ??
        atMost(produced, 'maxLength') <= bound,
    ),
  ];
  return mayBoundLength(produced)
    ? found.map(({ path, published, read }) => undecided(path, published, read))
    : found;
};

type Numbers = {
  readonly low: number;
  readonly above: number;
  readonly high: number;
  readonly below: number;
};

/**
 * What the producer keeps to: from `low` and above `above`, to `high` and below `below`. Integers are those that
 * JavaScript holds exactly: no context can write another, and zod reads none.
 */
const numbersOf = (produced: Produced): Numbers => {
  const low = atLeast(produced, 'minimum');
  const above = atLeast(produced, 'exclusiveMinimum');
  const high = atMost(produced, 'maximum');
  const below = atMost(produced, 'exclusiveMaximum');
  if (kindsIn(produced).has('fraction')) return { low, above, high, below };
  return {
    low: Math.max(Math.ceil(low), Math.floor(above) + 1, Number.MIN_SAFE_INTEGER),
    above,
    high: Math.min(Math.floor(high), Math.ceil(below) - 1, Number.MAX_SAFE_INTEGER),
    below,
  };
};

type NumberTest = (value: number, bound: number) => boolean;
const NUMBER_BOUNDS: Record<
  string,
  { readonly keeps: (numbers: Numbers, bound: number) => boolean; test: NumberTest }
> = {
  minimum: {
    keeps: ({ low, above }, bound) => low >= bound || above >= bound,
    test: (value, bound) => value >= bound,
  },
  exclusiveMinimum: {
    keeps: ({ low, above }, bound) => low > bound || above >= bound,
    test: (value, bound) => value > bound,
  },
  maximum: {
    keeps: ({ high, below }, bound) => high <= bound || below <= bound,
    test: (value, bound) => value <= bound,
  },
  exclusiveMaximum: {
    keeps: ({ high, below }, bound) => high < bound || below <= bound,
    test: (value, bound) => value < bound,
  },
};

const numberPasses = (value: unknown, test: (value: number) => boolean): boolean =>
  typeof value !== 'number' || test(value);

export const compareNumbers = (comparison: Comparison): Misfit[] => {
  const { produced } = comparison;
  const kinds = kindsIn(produced);
  if (!kinds.has('integer') && !kinds.has('fraction')) return [];
  const numbers = numbersOf(produced);
  return Object.entries(NUMBER_BOUNDS).flatMap(([keyword, { keeps, test }]) =>
    compareBound(
      comparison,
      keyword,
      (bound) => everyNumber(produced, (value) => test(value, bound)) ?? keeps(numbers, bound),
    ),
  );
};

const everyNumber = (produced: Produced, test: (value: number) => boolean): boolean | undefined => {
  const integers = everyValue(produced, 'integer', (value) => numberPasses(value, test));
  const fractions = everyValue(produced, 'fraction', (value) => numberPasses(value, test));
  return integers === undefined ? undefined : integers && fractions === true;
};

/** `multipleOf`, where the division has no remainder without rounding. */
export const compareMultiples = ({ produced, read, path }: Comparison): Misfit[] => {
  const step = numberAt(read, 'multipleOf');
  const kinds = kindsIn(produced);
  if (step === undefined || !(kinds.has('integer') || kinds.has('fraction'))) return [];
  const steps = produced.map((node) => numberAt(node, 'multipleOf') ?? Number.NaN);
  const isKept =
    steps.includes(step) ||
    (Number.isInteger(step) && steps.some((own) => Number.isInteger(own) && own % step === 0)) ||
    (step === 1 && !kinds.has('fraction')) ||
    everyNumber(produced, (value) => Number.isInteger(step) && value % step === 0) === true;
  if (isKept) return [];
  const own = steps.find((one) => !Number.isNaN(one));
  return own === undefined
    ? [differs(path, 'with any number', `with multipleOf ${step}`)]
    : [undecided(path, `with multipleOf ${own}`, `with multipleOf ${step}`)];
};
