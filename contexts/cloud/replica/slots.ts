/** What a table of slots knows of its rows: it holds numbers only, a million of them in a few megabytes. */
export type Rows<Name> = {
  /** 32 bits that are well spread. */
  readonly hashOf: (row: number) => number;
  readonly hashOfName: (name: Name) => number;
  /** Compares whole names: a name that shares all 32 bits with another is still another. */
  readonly isNamed: (row: number, name: Name) => boolean;
};

/** Finds rows by name: open addressing with linear probing, at most half full. */
export interface Slots<Name> {
  find(name: Name): number | undefined;
  add(row: number): void;
  /** Before the row changes its name. */
  remove(row: number): void;
}

const FIRST_SIZE = 1_024;

export const slotsOf = <Name>(rows: Rows<Name>): Slots<Name> => {
  let slots = new Uint32Array(FIRST_SIZE);
  let count = 0;

  const at = (slot: number) => slots[slot] ?? 0;
  const next = (slot: number) => (slot + 1) & (slots.length - 1);
  const home = (hash: number) => (hash >>> 0) & (slots.length - 1);

  const put = (row: number): void => {
    let slot = home(rows.hashOf(row));
    while (at(slot) !== 0) slot = next(slot);
    slots[slot] = row + 1;
  };

  const grow = (): void => {
    const before = slots;
    slots = new Uint32Array(before.length * 2);
    for (const entry of before) if (entry !== 0) put(entry - 1);
  };

  const find = (name: Name): number | undefined => {
    for (let slot = home(rows.hashOfName(name)); at(slot) !== 0; slot = next(slot)) {
      const row = at(slot) - 1;
      if (rows.isNamed(row, name)) return row;
    }
    return undefined;
  };

  const slotOf = (row: number): number | undefined => {
    for (let slot = home(rows.hashOf(row)); at(slot) !== 0; slot = next(slot)) {
      if (at(slot) === row + 1) return slot;
    }
    return undefined;
  };

  /** What was pushed on by the row that left moves back, so that no search ends early. */
  const closeGap = (gap: number): void => {
    slots[gap] = 0;
    for (let slot = next(gap); at(slot) !== 0; slot = next(slot)) {
      const row = at(slot) - 1;
      slots[slot] = 0;
      put(row);
    }
  };

  return {
    find,
    add: (row) => {
      count += 1;
      if (count * 2 > slots.length) grow();
      put(row);
    },
    remove: (row) => {
      const slot = slotOf(row);
      if (slot === undefined) return;
      count -= 1;
      closeGap(slot);
    },
  };
};
