import assert from 'node:assert/strict';
import { accountRates, type Notes } from './account-rates.ts';

/** Notes of replicas in one process; `away` is Redis being away. */
const sharedNotes = (replicas: number) => {
  const totals = new Map<string, number>();
  const state = { away: false };
  const notes: Notes = {
    replicas,
    add: async (account, count) => {
      if (state.away) throw new Error('away');
      totals.set(account, (totals.get(account) ?? 0) + count);
      return { total: totals.get(account) ?? 0, resetMs: 1_000 };
    },
  };
  return { notes, state };
};

const takeMany = (rates: ReturnType<typeof accountRates>, times: number, limit: number) =>
  Array.from({ length: times }, () => rates.take('acme', limit)).filter(({ isAllowed }) => isAllowed).length;

describe('accountRates', () => {
  it('lets as many through in a second as allowed, and again in the next', () => {
    let time = 0;
    const rates = accountRates(sharedNotes(1).notes, () => time);
    assert.equal(takeMany(rates, 20, 10), 10);
    assert.deepEqual(rates.take('acme', 10), { isAllowed: false, remaining: 0, resetMs: 1_000 });
    time = 1_000;
    assert.equal(takeMany(rates, 20, 10), 10);
  });
  it('says how many are left', () => {
    const rates = accountRates(sharedNotes(1).notes, () => 0);
    assert.equal(rates.take('acme', 10).remaining, 9);
    assert.equal(rates.take('other', 10).remaining, 9);
  });
  it('counts what other replicas let through, once notes were compared', async () => {
    const { notes } = sharedNotes(2);
    const [one, other] = [accountRates(notes, () => 0), accountRates(notes, () => 0)];
    assert.equal(takeMany(one, 6, 10), 6);
    await one.compare();
    assert.equal(takeMany(other, 1, 10), 1);
    await other.compare();
    assert.equal(takeMany(other, 10, 10), 3);
  });
  it('keeps to its share while notes cannot be compared, and no longer', async () => {
    let time = 0;
    const { notes, state } = sharedNotes(2);
    const rates = accountRates(notes, () => time);
    state.away = true;
    rates.take('acme', 10);
    await rates.compare();
    time = 1_000;
    assert.equal(takeMany(rates, 20, 10), 5);
    state.away = false;
    await rates.compare();
    time = 2_000;
    assert.equal(takeMany(rates, 20, 10), 10);
  });
});
