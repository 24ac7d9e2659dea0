import type { Db } from 'mongodb';
import type { z } from 'zod';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { type PageQuery, pageOf, pageSchema } from '../../../kit/rest/page.ts';
import { ordering } from '../contract.ts';
import { itemNotFound } from '../errors.ts';
import { type Item, item } from '../item.ts';

const line = ordering.events.OrderPlaced.schema.shape.lines.element;

export const itemSchema = line.pick({ itemId: true, name: true, unitPrice: true });
export const itemPageSchema = pageSchema(itemSchema);
type ItemView = z.output<typeof itemSchema>;

export const findItem = async (db: Db, tenant: string, itemId: string): Promise<ItemView> => {
  const found = await itemsOf(db).findOne({ _id: `${tenant}/${itemId}`, tenant });
  if (found === null) throw itemNotFound(itemId);
  return toItem(itemId, found.state);
};

export const listItems = async (db: Db, tenant: string, page: PageQuery) => {
  const documents = await itemsOf(db)
    .find({ tenant, _id: { $gt: `${tenant}/${page.after ?? ''}`, $lt: `${tenant}0` } })
    .sort({ _id: 1 })
    .limit(page.limit + 1)
    .toArray();
  const items = documents.map(({ id, state }) => toItem(id, state));
  return pageOf(items, page, ({ itemId }) => itemId);
};

const toItem = (itemId: string, state: Item): ItemView => {
  if (state.status === 'unknown') throw itemNotFound(itemId);
  return { itemId, name: state.name, unitPrice: state.unitPrice };
};

const itemsOf = (db: Db) => db.collection<AggregateDocument<Item>>(item.collection);
