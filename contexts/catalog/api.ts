import { z } from 'zod';
import { pageQuery } from '../../kit/rest/page.ts';
import { commandCall, commandRoute, queryRoute } from '../../kit/rest/route.ts';
import { productName, skuSchema } from './contract.ts';
import { decide } from './decide.ts';
import { product } from './product.ts';
import { findProduct, listProducts, productPageSchema, productSchema, toProduct } from './views/products.ts';

/** Leaves room for all that could ever be given back, so that a quantity stays an exact number. */
const MAX_STOCK = 1_000_000_000_000;

const currencies = new Set(Intl.supportedValuesOf('currency'));
const price = z.strictObject({
  amount: z.int().min(0).describe('In minor units: cents'),
  currency: z.string().refine((code) => currencies.has(code), 'must be an ISO 4217 code, such as EUR'),
});
const params = z.object({ sku: skuSchema });

const putProduct = commandRoute({
  method: 'PUT',
  path: '/v1/products/{sku}',
  summary: 'List a product, or change its name, price or available quantity',
  params,
  body: z.strictObject({ name: productName, price, availableQuantity: z.int().min(0).max(MAX_STOCK) }),
  answers: { 200: productSchema },
  refusals: ['currency-mismatch'],
  command: ({ params: { sku }, body }) =>
    commandCall({
      keys: { product: product.key(sku) },
      decide: (states) => ({
        product: decide({ type: 'PutProduct', product: { sku, ...body } }, states.product),
      }),
      answer: (states) => ({ status: 200, body: toProduct(sku, states.product) }),
    }),
});

const getProduct = queryRoute({
  method: 'GET',
  path: '/v1/products/{sku}',
  summary: 'Show a product',
  params,
  answers: { 200: productSchema },
  refusals: ['product-not-found'],
  read: async ({ tenant, params: { sku } }, db) => ({
    status: 200,
    body: await findProduct(db, tenant, sku),
  }),
});

const getProducts = queryRoute({
  method: 'GET',
  path: '/v1/products',
  summary: 'List the products by sku',
  query: pageQuery,
  answers: { 200: productPageSchema },
  read: async ({ tenant, query }, db) => ({ status: 200, body: await listProducts(db, tenant, query) }),
});

export const api = [putProduct, getProduct, getProducts];
