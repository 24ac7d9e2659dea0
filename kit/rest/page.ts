import { z } from 'zod';
import { RequestRefused } from './errors.ts';

const MAX_CURSOR = 2_000;

/** A cursor is the key of a page's last item. Opaque on purpose: clients must not build one. */
export const encodeCursor = (key: string): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** @throws RequestRefused invalid-cursor unless `encodeCursor` could have made it. */
export const decodeCursor = (cursor: string): string => {
  const parsed = z.string().safeParse(jsonOf(cursor));
  if (parsed.success) return parsed.data;
  throw new RequestRefused(
    'invalid-cursor',
    'after is no cursor: send the `next` of the page before, or nothing',
  );
};

/**
 * The query of a list: `?limit=50&after=<next of the page before>`. `after` comes out decoded. Strict, since a
 * misspelt filter (`customer[$ne]=`) that is ignored would answer with more than was asked for.
 */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(MAX_CURSOR).transform(decodeCursor).optional(),
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

const jsonOf = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};
