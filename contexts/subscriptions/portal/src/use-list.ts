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

/** A list page by page: what follows the first page is read when asked for. */
export const useList = <Item>(path: string): List<Item> => {
  const first = useResource<Page<Item>>(path);
  const [rest, setRest] = useState<Page<Item>>();
  const [failure, setFailure] = useState<string>();

  useEffect(() => setRest(undefined), [first.data]);

  const next = rest ? rest.next : first.data?.next;
  const follow = async (after: string): Promise<void> => {
    try {
      const page = await read<Page<Item>>(`${path}?after=${encodeURIComponent(after)}`);
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
