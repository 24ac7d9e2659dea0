import { z } from 'zod';
import { publishedLanguage } from '../../kit/event/published-language.ts';

export const skuSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores');

/** Minor units (cents) of an ISO 4217 currency. */
const price = z.object({ amount: z.int().min(0), currency: z.string().regex(/^[A-Z]{3}$/) });
/** Without control characters, which would take six bytes each in an event. */
export const productName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{C}*$/u, 'must not contain control characters');

const product = z.object({ sku: skuSchema, name: productName, price, availableQuantity: z.int().min(0) });

/** What the catalog tells others. */
export const catalog = publishedLanguage('catalog', {
  product: {
    /** The whole product: when it is listed, and again when it gets another name. */
    ProductListed: product,
    PriceChanged: product.pick({ sku: true, price: true }),
    /** The quantity that is left, not the difference. */
    StockChanged: product.pick({ sku: true, availableQuantity: true }),
    /** The whole product at the sequence where a consumer joins. */
    ProductSnapshot: product,
  },
  reservation: {
    /** Nothing is held for the order: of each line in `short` there was less than it asked. */
    ReservationRefused: z.object({
      orderId: z.string(),
      reason: z.string(),
      short: z.array(z.object({ reference: z.string(), asked: z.int(), available: z.int() })),
    }),
  },
});
