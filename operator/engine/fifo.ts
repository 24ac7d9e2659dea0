/** Keys in the order in which they were first put, each with a value; putting one that is there changes nothing. */
export type Fifo<V> = { readonly entries: Map<string, V>; cursor: MapIterator<[string, V]> };

export const emptyFifo = <V>(): Fifo<V> => {
  const entries = new Map<string, V>();
  return { entries, cursor: entries.entries() };
};

export const put = <V>({ entries }: Fifo<V>, key: string, value: V): void => {
  if (!entries.has(key)) entries.set(key, value);
};

/** One cursor for all takes: a new one would step over everything that was ever taken. */
export const take = <V>(fifo: Fifo<V>): readonly [key: string, value: V] | undefined => {
  let next = fifo.cursor.next();
  if (next.done) {
    fifo.cursor = fifo.entries.entries();
    next = fifo.cursor.next();
  }
  if (next.done) return undefined;
  fifo.entries.delete(next.value[0]);
  return next.value;
};
