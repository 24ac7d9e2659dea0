import { useEffect, useState } from 'preact/hooks';
import { messageOf, read } from './api.ts';
import { type Resource, useResource } from './use-resource.ts';
import type { Page } from './wire.ts';

export type List<Item> = Omit<Resource<Item>, 'data'> & {
  /** undefined until the first page is there. */
  readonly items: readonly Item[] | undefined;
  /** There when more follow. */
  readonly more?: () => void;
};

/** A list page by page: what follows the first page is read when asked for, and forgotten when that ends elsewhere. */
export const useList = <Item>(path: string, everyMs?: number): List<Item> => {
  const first = useResource<Page<Item>>(path, everyMs);
  const [rest, setRest] = useState<Page<Item>>();
  const [failure, setFailure] = useState<string>();

  const end = first.data?.next;
  useEffect(() => setRest(undefined), [path, end]);

  const next = rest ? rest.next : end;
  const follow = async (after: string): Promise<void> => {
    try {
      const query = `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`;
      const page = await read<Page<Item>>(`${path}${query}`);
      setRest({ ...page, items: [...(rest?.items ?? []), ...page.items] });
      setFailure(undefined);
    } catch (cause) {
      setFailure(messageOf(cause));
    }
  };
  return {
    items: first.data && [...first.data.items, ...(rest?.items ?? [])],
    failure: failure ?? first.failure,
    reload: first.reload,
    ...(next === undefined ? {} : { more: () => void follow(next) }),
  };
};
