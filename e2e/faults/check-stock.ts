import type { History, ListedProduct, Violation, WrittenEvent } from './history.ts';
import { eventOf, type Ledger, type OrderLedger, refusalOf } from './ledger.ts';

/** One change of a product's stock, and the order's event that must have caused it. */
type Move = { readonly cause: WrittenEvent; readonly by: number };

/**
 * Each product's StockChanged events tell what was left after every single order, so each order explains
 * exactly one step per event of its life, and all steps together the stock at the end.
 */
export const stockFaults = ({ promised, effects }: History, ledger: Ledger): Violation[] => {
  const expected = expectedMoves(ledger);
  const changes = Map.groupBy(
    effects.events.filter(({ type }) => type === 'stock-changed'),
    ({ tenant, subject }) => `${tenant}/${subject.slice('product/'.length)}`,
  );
  const stock = new Map(effects.products.map(({ _id, state }) => [_id, state]));
  return promised.products.flatMap((product) => {
    const about = `${product.tenant}/${product.sku}`;
    const steps = stepsOf(product, changes.get(about) ?? []);
    const state = stock.get(about);
    const left = state?.status === 'listed' ? state.availableQuantity : undefined;
    const moves = expected.get(about) ?? [];
    return [...stepFaults({ about, steps, moves }, ledger), ...sumFaults({ about, product, moves, left })];
  });
};

type Step = { readonly event: WrittenEvent; readonly by: number };

const stepsOf = ({ quantity }: ListedProduct, events: readonly WrittenEvent[]): Step[] => {
  let before = quantity;
  return events
    .toSorted((a, b) => a.sequence - b.sequence)
    .map((event) => {
      const { availableQuantity } = event.data as { availableQuantity: number };
      const by = availableQuantity - before;
      before = availableQuantity;
      return { event, by };
    });
};

const expectedMoves = ({ orders }: Ledger): Map<string, Move[]> => {
  const moves = new Map<string, Move[]>();
  for (const one of orders.values()) {
    for (const { cause, sign } of causesOf(one)) {
      for (const { itemId, quantity } of one.acknowledged[0]?.lines ?? []) {
        const about = `${one.tenant}/${itemId}`;
        const known = moves.get(about) ?? [];
        moves.set(about, known);
        known.push({ cause, by: sign * quantity });
      }
    }
  }
  return moves;
};

const causesOf = (one: OrderLedger): { cause: WrittenEvent; sign: 1 | -1 }[] => {
  const [placed, cancelled, reinstated] = ['order-placed', 'order-cancelled', 'order-reinstated'].map(
    (type) => eventOf(one, type),
  );
  const isHeld = placed !== undefined && !refusalOf(one, placed);
  return [
    ...(isHeld ? [{ cause: placed, sign: -1 as const }] : []),
    ...(isHeld && cancelled ? [{ cause: cancelled, sign: 1 as const }] : []),
    ...(reinstated && !refusalOf(one, reinstated) ? [{ cause: reinstated, sign: -1 as const }] : []),
  ];
};

type Compared = {
  readonly about: string;
  readonly steps: readonly Step[];
  readonly moves: readonly Move[];
};

const stepFaults = (compared: Compared, { events }: Ledger): Violation[] => {
  const { about, steps, moves } = compared;
  const explain = explainer(compared, events);
  const faults = steps.flatMap((step) => explain(step) ?? []);
  const explained = new Set(steps.map(({ event }) => event.causationid));
  const missing = moves.filter(({ cause }) => !explained.has(cause.id));
  const losses = missing.map(({ cause, by }): Violation => {
    return { kind: 'loss', about, what: `stock did not move by ${by} for ${cause.type} of ${cause.subject}` };
  });
  return [...faults, ...losses];
};

/** Takes the steps one by one, in their order. @returns what is wrong with a step. */
const explainer = ({ about, moves }: Compared, events: Ledger['events']) => {
  const tenant = about.slice(0, about.indexOf('/'));
  const wanted = new Map(moves.map((move) => [move.cause.id, move]));
  const seen = new Set<string>();
  const reached = new Map<string, number>();
  return ({ event: { causationid = '' }, by }: Step): Violation | undefined => {
    const cause = events.get(causationid);
    const what = `stock moved by ${by} for ${cause?.type} of ${cause?.subject}`;
    if (cause === undefined)
      return { kind: 'unfounded', about, what: `stock moved by ${by} for nothing known` };
    if (cause.tenant !== tenant) return { kind: 'cross-tenant', about, what: `${what} in ${cause.tenant}` };
    if (seen.has(causationid)) return { kind: 'duplicate', about, what };
    seen.add(causationid);
    const before = reached.get(cause.subject) ?? 0;
    reached.set(cause.subject, cause.sequence);
    if (cause.sequence < before) return { kind: 'swap', about, what };
    return wrongMove({ about, what, by, move: wanted.get(causationid) });
  };
};

type Moved = {
  readonly about: string;
  readonly what: string;
  readonly by: number;
  readonly move: Move | undefined;
};

const wrongMove = ({ about, what, by, move }: Moved): Violation | undefined => {
  if (move === undefined) return { kind: 'unfounded', about, what };
  return move.by === by ? undefined : { kind: 'wrong stock', about, what: `${what} instead of ${move.by}` };
};

type Sum = {
  readonly about: string;
  readonly product: ListedProduct;
  readonly moves: readonly Move[];
  readonly left: number | undefined;
};

const sumFaults = ({ about, product, moves, left }: Sum): Violation[] => {
  const expected = moves.reduce((sum, { by }) => sum + by, product.quantity);
  if (left === expected) return [];
  return [{ kind: 'wrong stock', about, what: `${left} are left, not ${expected}` }];
};
