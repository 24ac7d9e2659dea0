import { isExpired } from './api-error.ts';
import type { KubeClient } from './kube-client.ts';
import { type KubeObject, keyOf, type ObjectKey } from './kube-object.ts';
import type { ObjectStore } from './object-store.ts';
import { listPage, type Selection } from './verbs.ts';

export type ListOptions<T extends KubeObject> = {
  readonly client: KubeClient;
  readonly selection: Selection;
  readonly pageSize: number;
  readonly strip: (object: T) => T;
  readonly signal: AbortSignal;
};

const listPages = async <T extends KubeObject>(
  { client, selection, strip, signal }: ListOptions<T>,
  store: ObjectStore<T>,
  limit: number | undefined,
): Promise<string> => {
  const seen = new Set<ObjectKey>();
  let next: string | undefined;
  for (;;) {
    const page = await listPage<T>(client, {
      ...selection,
      signal,
      ...(limit !== undefined && { limit }),
      ...(next !== undefined && { continue: next }),
    });
    for (const item of page.items) {
      seen.add(keyOf(item));
      store.put(strip(item));
    }
    next = page.continue;
    if (next !== undefined) continue;
    for (const key of [...store.keys()].filter((known) => !seen.has(known))) store.remove(key);
    return page.resourceVersion;
  }
};

/**
 * Makes the store say what the API server says, page by page; what is no longer there is removed at the end.
 *
 * @returns the resource version from which a watch goes on.
 */
export const listInto = <T extends KubeObject>(
  options: ListOptions<T>,
  store: ObjectStore<T>,
): Promise<string> =>
  listPages(options, store, options.pageSize).catch((error: unknown) => {
    // Compacted between two pages, which would happen again: one answer of any length has no second page.
    if (isExpired(error)) return listPages(options, store, undefined);
    throw error;
  });
