import type { Db } from 'mongodb';
import type { z } from 'zod';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { type PageQuery, pageOf, pageSchema } from '../../../kit/rest/page.ts';
import { catalog } from '../contract.ts';
import { productNotFound } from '../errors.ts';
import { type Product, product } from '../product.ts';

export const productSchema = catalog.events.ProductListed.schema;
export const productPageSchema = pageSchema(productSchema);
type ProductView = z.output<typeof productSchema>;

/** @throws DomainError product-not-found */
export const toProduct = (sku: string, state: Product): ProductView => {
  if (state.status === 'unlisted') throw productNotFound(sku);
  const { name, price, availableQuantity } = state;
  return { sku, name, price, availableQuantity };
};

export const findProduct = async (db: Db, tenant: string, sku: string): Promise<ProductView> => {
  const found = await productsOf(db).findOne({ _id: `${tenant}/${sku}`, tenant });
  if (found === null) throw productNotFound(sku);
  return toProduct(sku, found.state);
};

/** By sku, which is the end of `_id`: its own index serves the pages. */
export const listProducts = async (db: Db, tenant: string, page: PageQuery) => {
  const documents = await productsOf(db)
    .find({ tenant, _id: { $gt: `${tenant}/${page.after ?? ''}`, $lt: `${tenant}0` } })
    .sort({ _id: 1 })
    .limit(page.limit + 1)
    .toArray();
  const products = documents.map(({ id, state }) => toProduct(id, state));
  return pageOf(products, page, ({ sku }) => sku);
};

const productsOf = (db: Db) => db.collection<AggregateDocument<Product>>(product.collection);
