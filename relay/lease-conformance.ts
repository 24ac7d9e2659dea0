import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_MS, type Lease } from './lease.ts';

/** What an adapter gives the suite: holders that compete for one lease. */
export type LeaseUnderTest = { holder(name: string): Lease; close(): Promise<void> };

/** The guarantees of `lease.ts`, for every adapter of its port. */
export const describeLease = (name: string, open: () => Promise<LeaseUnderTest>): void => {
  describe(`${name} as a lease`, () => {
    let under: LeaseUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    it('has one holder at a time, however many ask at once', async () => {
      const holders = ['a', 'b', 'c', 'd'].map((one) => under.holder(one));
      const epochs = await Promise.all(holders.map((one) => one.acquire()));
      assert.deepEqual(epochs.filter((epoch) => epoch !== undefined).length, 1);
      assert.deepEqual(holders.filter((one) => one.isHeld()).length, 1);
    });
    it('gives each term an epoch above the last, also to the same holder', async () => {
      const holder = under.holder('a');
      const first = await holder.acquire();
      const second = await holder.acquire();
      await holder.release();
      const third = await under.holder('b').acquire();
      assert.deepEqual([first, second, third], [1, 2, 3]);
    });
    it('passes on at once when it is released', async () => {
      const [one, other] = [under.holder('a'), under.holder('b')];
      await one.acquire();
      assert.equal(await other.acquire(), undefined);
      await one.release();
      assert.equal(one.isHeld(), false);
      assert.equal(await other.acquire(), 2);
    });
    it('passes on when its holder says nothing any more, who stopped believing in it before', async () => {
      const [dead, standby] = [under.holder('dead'), under.holder('standby')];
      await dead.acquire();
      let wasHeld = dead.isHeld();
      while ((await standby.acquire()) === undefined) {
        wasHeld = dead.isHeld();
        await delay(10);
      }
      assert.equal(wasHeld, false);
      assert.equal(await dead.renew(1), false);
    });
    it('stays with a holder that renews it', async () => {
      const [holder, standby] = [under.holder('a'), under.holder('b')];
      const started = performance.now();
      await holder.acquire();
      while (performance.now() - started < LEASE_MS * 1.5) {
        assert.equal(await holder.renew(1), true);
        assert.equal(await standby.acquire(), undefined);
        await delay(LEASE_MS / 10);
      }
      assert.equal(holder.isHeld(), true);
    });
  });
};
