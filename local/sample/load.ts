import { setTimeout as delay } from 'node:timers/promises';
import { type SampleProduct, sampleProducts } from './products.ts';

export type Shop = {
  readonly catalogUrl: string;
  readonly orderingUrl: string;
  /** Who asks. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** How often to ask whether something is there yet: each time counts where requests are paid for. */
  readonly lookEveryMs?: number;
};

const AT_ONCE = 16;
const LOOK_EVERY_MS = 25;

/** Lists over REST those sample products that the tenant does not have. @returns how many there were to list. */
export const loadSample = async (shop: Shop): Promise<number> => {
  const listed = new Set(await idsOf(shop, `${shop.catalogUrl}/v1/products`, 'sku'));
  const missing = sampleProducts().filter(({ sku }) => !listed.has(sku));
  const left = missing.values();
  const worker = async (): Promise<void> => {
    for (const product of left) await put(shop, product);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return missing.length;
};

/** Resolves when every sample product can be ordered. */
export const untilOrderable = async (shop: Shop): Promise<void> => {
  for (;;) {
    const items = new Set(await idsOf(shop, `${shop.orderingUrl}/v1/items`, 'itemId'));
    if (sampleProducts().every(({ sku }) => items.has(sku))) return;
    await delay(shop.lookEveryMs ?? LOOK_EVERY_MS, undefined, { signal: shop.signal });
  }
};

type Page = { readonly items: readonly Record<string, unknown>[]; readonly next?: string };

/** The ids of all pages of a list. */
const idsOf = async (shop: Shop, list: string, id: string): Promise<string[]> => {
  const ids: string[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = `${list}?limit=200${after && `&after=${after}`}`;
    const answer = await ask(shop, page);
    if (!answer.ok) throw new Error(`cannot list ${list} (${answer.status}): ${await answer.text()}`);
    const { items, next } = (await answer.json()) as Page;
    ids.push(...items.map((item) => String(item[id])));
    after = next;
  }
  return ids;
};

const put = async (shop: Shop, { sku, ...body }: SampleProduct): Promise<void> => {
  const url = `${shop.catalogUrl}/v1/products/${sku}`;
  const answer = await ask(shop, url, { method: 'PUT', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`cannot list ${sku} (${answer.status}): ${await answer.text()}`);
  await answer.body?.cancel();
};

/** The front door lets no tenant ask more often than its plan allows, and says when to come back. */
const ask = async ({ headers, signal }: Shop, url: string, init: RequestInit = {}): Promise<Response> => {
  for (;;) {
    const all = { 'content-type': 'application/json', ...headers };
    const answer = await fetch(url, { ...init, headers: all, signal });
    if (answer.status !== 429) return answer;
    await answer.body?.cancel();
    const seconds = Number(answer.headers.get('retry-after') ?? 1);
    await delay(seconds * 1_000, undefined, { signal });
  }
};
