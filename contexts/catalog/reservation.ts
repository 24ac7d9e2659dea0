import { aggregate } from '../../kit/aggregate/aggregate.ts';
import type { EventOf } from '../../kit/event/published-language.ts';
import type { catalog } from './contract.ts';

export type StockLine = { readonly sku: string; readonly quantity: number };

/** Only a refusal is published; that stock is held or given back, others see by StockChanged. */
export type ReservationEvent =
  | EventOf<typeof catalog, 'reservation'>
  | { readonly type: 'StockReserved'; readonly data: { orderId: string; lines: readonly StockLine[] } }
  | { readonly type: 'StockReleased'; readonly data: { orderId: string } };

/** What the catalog holds for one order. */
export type Reservation =
  | { readonly status: 'none' | 'refused' | 'released' }
  | { readonly status: 'reserved'; readonly lines: readonly StockLine[] };

const evolve = (_: Reservation, event: ReservationEvent): Reservation => {
  switch (event.type) {
    case 'StockReserved':
      return { status: 'reserved', lines: event.data.lines };
    case 'ReservationRefused':
      return { status: 'refused' };
    case 'StockReleased':
      return { status: 'released' };
  }
};

export const reservation = aggregate<Reservation, ReservationEvent>({
  kind: 'reservation',
  collection: 'reservations',
  initialState: () => ({ status: 'none' }),
  evolve,
});
