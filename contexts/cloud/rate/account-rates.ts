/** What was taken of an account's second. */
export type Taken = {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** Until a new second begins. */
  readonly resetMs: number;
};

/** What all replicas together have let through of an account's current second. */
export type Note = { readonly total: number; readonly resetMs: number };

/** Where replicas compare notes. */
export interface Notes {
  /** Adds what this replica let through. @throws when nobody can be asked: each replica then keeps to its share. */
  add(account: string, count: number): Promise<Note>;
  /** How many replicas there are, as far as was last heard; at least 1. */
  readonly replicas: number;
}

/**
 * Counts requests per account and second. A request never waits: each replica counts by itself and compares notes with
 * the others every 100 ms, earlier when much was taken, so a limit may be passed by what the others let through meanwhile.
 */
export interface AccountRates {
  take(account: string, limit: number): Taken;
  /** Tells the others what was taken, and hears of theirs. Called again and again. */
  compare(): Promise<void>;
}

type Second = {
  /** Let through here and told to nobody yet. */
  untold: number;
  /** Being told. */
  telling: number;
  /** Let through here in all. */
  own: number;
  /** Of all replicas, as last heard. */
  total: number;
  endsAt: number;
  /** While notes are being compared. */
  comparing?: Promise<void> | undefined;
};

const SECOND_MS = 1_000;
/** Notes are compared earlier when this part of a replica's share was taken since. */
const PART = 4;

export const accountRates = (notes: Notes, now: () => number = () => performance.now()): AccountRates => {
  const seconds = new Map<string, Second>();
  let isAlone = false;

  const current = (account: string): Second => {
    const known = seconds.get(account);
    const time = now();
    if (known && time < known.endsAt) return known;
    const fresh = { untold: 0, telling: 0, own: 0, total: 0, endsAt: time + SECOND_MS };
    seconds.set(account, fresh);
    return fresh;
  };

  const tell = async (account: string, second: Second): Promise<void> => {
    second.telling = second.untold;
    second.untold = 0;
    try {
      const { total, resetMs } = await notes.add(account, second.telling);
      second.total = total;
      // The second is that of the notes, or each of them would begin another one.
      second.endsAt = now() + resetMs;
      isAlone = false;
    } catch {
      second.total += second.telling;
      isAlone = true;
    } finally {
      second.telling = 0;
    }
  };

  const compareOne = (account: string, second: Second): Promise<void> => {
    second.comparing ??= tell(account, second).finally(() => {
      second.comparing = undefined;
    });
    return second.comparing;
  };

  return {
    take: (account, limit) => {
      const second = current(account);
      const { replicas } = notes;
      const taken = takeOf(second, isAlone ? shareOf(limit, replicas) : limit, isAlone);
      if (second.untold * PART * replicas >= limit) void compareOne(account, second);
      return { ...taken, resetMs: Math.max(0, second.endsAt - now()) };
    },
    compare: async () => {
      const time = now();
      const busy = [...seconds].filter(([account, second]) => {
        if (time >= second.endsAt) seconds.delete(account);
        return time < second.endsAt && second.untold > 0;
      });
      await Promise.all(
        busy.map(async ([account, second]) => {
          await second.comparing;
          await compareOne(account, second);
        }),
      );
    },
  };
};

const shareOf = (limit: number, replicas: number): number => Math.max(1, Math.floor(limit / replicas));

const takeOf = (second: Second, allowed: number, isAlone: boolean): Omit<Taken, 'resetMs'> => {
  const used = isAlone ? second.own : second.total + second.telling + second.untold;
  if (used >= allowed) return { isAllowed: false, remaining: 0 };
  second.own += 1;
  second.untold += 1;
  return { isAllowed: true, remaining: allowed - used - 1 };
};
