import { z } from 'zod';
import { publishedLanguage } from '../../kit/event/published-language.ts';

/** Lines of one order. With names of at most 200 characters an order of so many stays below 1 MB as an event. */
export const MAX_LINES = 1_000;

/** Minor units (cents) of an ISO 4217 currency. */
const money = z.object({ amount: z.int().min(0), currency: z.string().regex(/^[A-Z]{3}$/) });

const orderId = z.string().min(1).max(64);
/** What the supplier of an item calls it; ordering keeps it and passes it on without reading it. */
const reference = z.string().min(1).max(64);
const quantity = z.int().min(1);

const line = z.object({
  itemId: z.string().min(1).max(64),
  name: z.string().max(200),
  reference,
  unitPrice: money,
  quantity,
});
/** What whoever holds or gives back goods needs of a line. */
const heldLine = z.object({ reference, quantity });

/** What ordering tells others. */
export const ordering = publishedLanguage('ordering', {
  order: {
    /** At most one line per item, all in one currency. */
    OrderPlaced: z.object({
      orderId,
      customer: z.string().min(1).max(200),
      lines: z.array(line).min(1).max(MAX_LINES),
      total: money,
      placedAt: z.iso.datetime(),
    }),
    /** Nobody needs its lines any more; they are told again, so that nobody has to remember them. */
    OrderCancelled: z.object({
      orderId,
      reason: z.string(),
      lines: z.array(heldLine).max(MAX_LINES),
      cancelledAt: z.iso.datetime(),
    }),
    /** It was cancelled, but its goods had left: it is shipped, and stays so. */
    OrderReinstated: z.object({
      orderId,
      lines: z.array(heldLine).max(MAX_LINES),
      reinstatedAt: z.iso.datetime(),
    }),
  },
});
