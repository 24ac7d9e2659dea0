import { aggregate } from '../../kit/aggregate/aggregate.ts';

export type Money = { readonly amount: number; readonly currency: string };

/** Something that can be ordered. `reference` is its supplier's name for it, which nobody here reads. */
export type ItemData = {
  readonly itemId: string;
  readonly name: string;
  readonly unitPrice: Money;
  readonly reference: string;
};

/** None is published: items are ordering's own picture of what others offer. */
export type ItemEvent =
  | { readonly type: 'ItemOffered'; readonly data: ItemData }
  | { readonly type: 'ItemRepriced'; readonly data: { itemId: string; unitPrice: Money } };

/** An unknown item is never stored. */
export type Item = { readonly status: 'unknown' } | OfferedItem;
export type OfferedItem = ItemData & { readonly status: 'offered' };

const evolve = (state: Item, event: ItemEvent): Item => {
  switch (event.type) {
    case 'ItemOffered':
      return { status: 'offered', ...event.data };
    case 'ItemRepriced':
      return state.status === 'offered' ? { ...state, unitPrice: event.data.unitPrice } : state;
  }
};

export const item = aggregate<Item, ItemEvent>({
  kind: 'item',
  collection: 'items',
  initialState: () => ({ status: 'unknown' }),
  evolve,
});
