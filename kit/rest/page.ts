import { z } from 'zod';

/** A cursor is the key of a page's last item. Opaque on purpose: clients must not build one. */
export const encodeCursor = (key: string): string => Buffer.from(key).toString('base64url');
export const decodeCursor = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

/** The query of a list: `?limit=50&after=<next of the page before>`. `after` comes out decoded. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,400}$/, 'must be the `next` of the page before')
    .transform(decodeCursor)
    .optional(),
});
export type PageQuery = z.output<typeof pageQuery>;

/** `next` is there while more follow. */
export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().optional() });

/** Of up to `limit + 1` items that were found, those of the page, and where the next one starts. */
export const pageOf = <Item>(found: readonly Item[], { limit }: PageQuery, keyOf: (item: Item) => string) => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last !== undefined ? { items, next: encodeCursor(keyOf(last)) } : { items };
};
