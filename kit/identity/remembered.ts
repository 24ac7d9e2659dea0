/** What was found out, until it is no longer so. */
export interface Remembered<Value> {
  recall(name: string): Value | undefined;
  remember(name: string, value: Value, until: number): void;
}

/**
 * At most so many; who was not asked for the longest is forgotten first.
 *
 * @param now milliseconds since 1970, as `until` is.
 */
export const remembered = <Value>(limit: number, now: () => number = Date.now): Remembered<Value> => {
  // A Map keeps the order of insertion: what is asked for is put in anew, so its first entry is the oldest.
  const known = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    recall: (name) => {
      const found = known.get(name);
      if (found === undefined) return undefined;
      known.delete(name);
      if (found.until <= now()) return undefined;
      known.set(name, found);
      return found.value;
    },
    remember: (name, value, until) => {
      known.delete(name);
      known.set(name, { value, until });
      const oldest = known.size > limit ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
    },
  };
};
