/** What was taken of an account's second. */
export type Taken = {
  readonly isAllowed: boolean;
  /** As far as this replica knows. */
  readonly remaining: number;
  /** Until a new second begins. */
  readonly resetMs: number;
};

/** How many requests of an account's current second all replicas together have set aside, and when it ends. */
export type Note = { readonly total: number; readonly resetMs: number };

/** Where replicas keep account of a second together. */
export interface Notes {
  /** Sets so many requests aside for this replica. @throws when nobody can be asked. */
  add(account: string, count: number): Promise<Note>;
  /** Nobody can be asked, as far as was last seen. */
  readonly isAway: boolean;
  /** How many replicas there are, as far as was last heard; at least 1. */
  readonly replicas: number;
}

/**
 * Counts requests per account and second. A replica sets a few of a second's requests aside for itself at a time, so
 * together they never let more through than allowed, and less by what one set aside and was not asked for: at most an
 * eighth of the limit. While notes are away each has its share of the limit, but at least 1.
 */
export interface AccountRates {
  /** A promise only where something is to be set aside first, several times a second. */
  take(account: string, limit: number): Taken | Promise<Taken>;
}

type Second = {
  /** Set aside and not taken yet. */
  held: number;
  /** Set aside by nobody, as far as was last heard. */
  free: number;
  waiting: number;
  endsAt: number;
  settingAside?: Promise<void> | undefined;
};

const SECOND_MS = 1_000;
/** What replicas set aside at a time is this part of the limit, all of them together. */
const PART = 8;
const MOST_SECONDS = 10_000;

export const accountRates = (notes: Notes, now: () => number = () => performance.now()): AccountRates => {
  let seconds = new Map<string, Second>();

  const current = (account: string, limit: number): Second => {
    const known = seconds.get(account);
    const time = now();
    if (known && time < known.endsAt) return known;
    if (seconds.size >= MOST_SECONDS) seconds = new Map([...seconds].filter(([, one]) => time < one.endsAt));
    const fresh = { held: 0, free: limit, waiting: 0, endsAt: time + SECOND_MS };
    if (notes.isAway) takeShare(fresh, limit, notes.replicas);
    seconds.set(account, fresh);
    return fresh;
  };

  const setAside = async (account: string, second: Second, limit: number): Promise<void> => {
    const wanted = Math.max(second.waiting, Math.ceil(limit / PART / notes.replicas));
    try {
      const { total, resetMs } = await notes.add(account, wanted);
      second.held = Math.max(0, Math.min(wanted, limit - (total - wanted)));
      second.free = Math.max(0, limit - total);
      // The second is that of the notes, or each replica would begin another one.
      second.endsAt = now() + resetMs;
    } catch {
      takeShare(second, limit, notes.replicas);
    }
  };

  const takeLater = async (account: string, second: Second, limit: number): Promise<Taken> => {
    second.waiting += 1;
    while (second.held === 0 && second.free > 0) {
      second.settingAside ??= setAside(account, second, limit).finally(() => {
        second.settingAside = undefined;
      });
      await second.settingAside;
    }
    second.waiting -= 1;
    return takenOf(second, now());
  };

  return {
    take: (account, limit) => {
      const second = current(account, limit);
      if (second.held > 0 || second.free === 0) return takenOf(second, now());
      return takeLater(account, second, limit);
    },
  };
};

const takeShare = (second: Second, limit: number, replicas: number): void => {
  second.held = Math.max(1, Math.floor(limit / replicas));
  second.free = 0;
};

const takenOf = (second: Second, time: number): Taken => {
  const isAllowed = second.held > 0;
  if (isAllowed) second.held -= 1;
  const resetMs = Math.max(0, second.endsAt - time);
  return { isAllowed, remaining: second.held + second.free, resetMs };
};
