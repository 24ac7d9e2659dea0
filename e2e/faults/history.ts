import type { Product } from '../../contexts/catalog/product.ts';
import type { Reservation } from '../../contexts/catalog/reservation.ts';
import type { Order } from '../../contexts/ordering/order.ts';
import type { Shipment } from '../../contexts/shipping/shipment.ts';
import type { AggregateDocument } from '../../kit/aggregate/aggregate.ts';

export type ListedProduct = { readonly tenant: string; readonly sku: string; readonly quantity: number };

/** An order as its answer told it: whoever sent it may rely on it. */
export type AcknowledgedOrder = {
  readonly tenant: string;
  readonly orderId: string;
  readonly customer: string;
  readonly lines: readonly { readonly itemId: string; readonly name: string; readonly quantity: number }[];
};

/** What else was asked about an order, with its final answer. */
export type AnsweredCommand = {
  readonly type: 'cancel' | 'dispatch';
  readonly tenant: string;
  readonly orderId: string;
  readonly outcome: 'done' | 'refused';
};

/** An event as a context wrote it into its outbox. */
export type WrittenEvent = {
  readonly context: string;
  readonly id: string;
  readonly tenant: string;
  readonly subject: string;
  readonly sequence: number;
  /** Without context and version: `order-placed`. */
  readonly type: string;
  readonly causationid?: string | undefined;
  readonly data: unknown;
};

/** A batch that a context's inbox says it committed. */
export type HandledBatch = { readonly context: string; readonly events: readonly string[] };

/**
 * What is left in the contexts' databases at the end: aggregates and outboxes, which are what the effects
 * are. Of the inboxes' own books only the batches are read, and never believed to excuse anything: domains
 * that shrug off what they hear twice would hide that it was handled twice.
 */
export type Effects = {
  readonly orders: readonly AggregateDocument<Order>[];
  readonly shipments: readonly AggregateDocument<Shipment>[];
  readonly reservations: readonly AggregateDocument<Reservation>[];
  readonly products: readonly AggregateDocument<Product>[];
  readonly events: readonly WrittenEvent[];
  readonly handled: readonly HandledBatch[];
};

/** What was asked and promised. No sku appears in two lines of one order. */
export type Promised = {
  readonly products: readonly ListedProduct[];
  readonly orders: readonly AcknowledgedOrder[];
  readonly commands: readonly AnsweredCommand[];
};

export type History = { readonly promised: Promised; readonly effects: Effects };

export type ViolationKind = 'loss' | 'duplicate' | 'swap' | 'cross-tenant' | 'unfounded' | 'wrong stock';

export type Violation = {
  readonly kind: ViolationKind;
  /** `<tenant>/<id>` of the order or the product. */
  readonly about: string;
  readonly what: string;
};
