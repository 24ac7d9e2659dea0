import assert from 'node:assert/strict';
import { type AccountRates, accountRates, type Notes, type Taken } from './account-rates.ts';

const LIMIT = 40;

/** Notes of replicas in one process, that end a second when they are told to. */
const sharedNotes = (replicas: number) => {
  const totals = new Map<string, number>();
  const state = { isAway: false, fails: false, asked: 0 };
  const notes: Notes = {
    replicas,
    get isAway() {
      return state.isAway;
    },
    add: async (account, count) => {
      state.asked += 1;
      if (state.fails) throw new Error('away');
      totals.set(account, (totals.get(account) ?? 0) + count);
      return { total: totals.get(account) ?? 0, resetMs: 1_000 };
    },
  };
  return { notes, state, nextSecond: () => totals.clear() };
};

const takeAtOnce = (rates: AccountRates, times: number, account = 'acme'): Promise<Taken[]> =>
  Promise.all(Array.from({ length: times }, () => rates.take(account, LIMIT)));

const allowedOf = (taken: readonly Taken[]): number => taken.filter(({ isAllowed }) => isAllowed).length;

describe('accountRates', () => {
  it('lets as many through in a second as allowed, and again in the next', async () => {
    let time = 0;
    const { notes, nextSecond } = sharedNotes(1);
    const rates = accountRates(notes, () => time);
    assert.equal(allowedOf(await takeAtOnce(rates, 100)), LIMIT);
    assert.deepEqual(await rates.take('acme', LIMIT), { isAllowed: false, remaining: 0, resetMs: 1_000 });
    time = 1_000;
    nextSecond();
    assert.equal(allowedOf(await takeAtOnce(rates, 100)), LIMIT);
  });
  it('counts each account for itself, and says how many are left', async () => {
    const rates = accountRates(sharedNotes(1).notes, () => 0);
    assert.equal((await rates.take('acme', LIMIT)).remaining, LIMIT - 1);
    assert.equal((await rates.take('other', LIMIT)).remaining, LIMIT - 1);
    assert.equal((await rates.take('acme', LIMIT)).remaining, LIMIT - 2);
  });
  it('asks for several at a time', async () => {
    const { notes, state } = sharedNotes(1);
    const rates = accountRates(notes, () => 0);
    for (let n = 0; n < LIMIT; n += 1) await rates.take('acme', LIMIT);
    assert.ok(state.asked <= 8, `asked ${state.asked} times`);
  });

  describe('over several replicas', () => {
    it('never lets more through than allowed, in whatever order they are asked', async () => {
      const { notes } = sharedNotes(3);
      const replicas = [1, 2, 3].map(() => accountRates(notes, () => 0));
      const taken = await Promise.all(replicas.map((rates) => takeAtOnce(rates, LIMIT)));
      assert.equal(allowedOf(taken.flat()), LIMIT);
    });
    it('leaves to one replica what the others do not ask for, but for an eighth', async () => {
      const { notes } = sharedNotes(2);
      const [one, other] = [accountRates(notes, () => 0), accountRates(notes, () => 0)];
      assert.equal(allowedOf(await takeAtOnce(other, 1)), 1);
      const through = allowedOf(await takeAtOnce(one, LIMIT));
      assert.ok(through >= LIMIT - LIMIT / 8 && through < LIMIT, `${through} let through`);
    });
    it('keeps to its share while nobody can be asked, and no longer', async () => {
      let time = 0;
      const { notes, state } = sharedNotes(4);
      const rates = accountRates(notes, () => time);
      state.isAway = true;
      assert.equal(allowedOf(await takeAtOnce(rates, LIMIT)), LIMIT / 4);
      assert.equal(state.asked, 0);
      state.isAway = false;
      time = 1_000;
      assert.equal(allowedOf(await takeAtOnce(rates, LIMIT)), LIMIT);
    });
    it('keeps to its share where asking fails', async () => {
      const { notes, state } = sharedNotes(4);
      state.fails = true;
      assert.equal(
        allowedOf(
          await takeAtOnce(
            accountRates(notes, () => 0),
            LIMIT,
          ),
        ),
        LIMIT / 4,
      );
    });
    it('lets one through where there are more replicas than requests allowed', async () => {
      const { notes, state } = sharedNotes(LIMIT * 2);
      state.isAway = true;
      assert.equal(
        allowedOf(
          await takeAtOnce(
            accountRates(notes, () => 0),
            LIMIT,
          ),
        ),
        1,
      );
    });
  });
});
