import type { Product } from '../../contexts/catalog/product.ts';
import type { Reservation } from '../../contexts/catalog/reservation.ts';
import type { Order } from '../../contexts/ordering/order.ts';
import type { Shipment } from '../../contexts/shipping/shipment.ts';
import type { ChargedFor, Entry } from '../../contexts/subscriptions/account/account.ts';
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

/** Of what the front door told, what it is charged by. */
export type UsageWindow = {
  readonly windowId: string;
  readonly meter: string;
  readonly units: number;
  readonly from: string;
};

export type LedgerEntry = Entry & { readonly tenant: string; readonly for?: ChargedFor };

type OfTenant<Data> = Data & { readonly tenant: string };

/** What the front door and subscriptions hold of the tenants' usage and money. */
export type UsageEffects = {
  /** Counted, and in no window yet. */
  readonly waiting: readonly OfTenant<{ readonly meter: string; readonly units: number }>[];
  /** The accounts' own events. */
  readonly entries: readonly LedgerEntry[];
  readonly balances: readonly OfTenant<{ readonly amount: number }>[];
  readonly consumed: readonly OfTenant<{
    readonly day: string;
    readonly meter: string;
    readonly units: number;
  }>[];
};

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
  readonly usage: UsageEffects;
};

/** What was asked of contexts through the front door. Whether others than those that were answered count is open. */
export type RequestsOfTenant = {
  readonly tenant: string;
  readonly sent: number;
  readonly answered: number;
};

/** What was asked and promised. No sku appears in two lines of one order. */
export type Promised = {
  readonly products: readonly ListedProduct[];
  readonly orders: readonly AcknowledgedOrder[];
  readonly commands: readonly AnsweredCommand[];
  readonly requests: readonly RequestsOfTenant[];
};

export type History = { readonly promised: Promised; readonly effects: Effects };

export type ViolationKind =
  | 'loss'
  | 'duplicate'
  | 'swap'
  | 'cross-tenant'
  | 'unfounded'
  | 'wrong stock'
  | 'wrong sum';

export type Violation = {
  readonly kind: ViolationKind;
  /** `<tenant>/<id>` of the order, the product or the window; the tenant's whole account without an id. */
  readonly about: string;
  readonly what: string;
};
