import { deepEqual, equal, rejects } from 'node:assert/strict';
import { newPassword } from '../access.ts';
import { type Account, type Accounts, fingerprintOf, NotOurAccount, ServerAway } from './accounts.ts';

/** What an adapter gives the suite: a server, one that is not there, and someone else's way of making a user. */
export type AccountsUnderTest = {
  readonly accounts: Accounts;
  readonly away: Accounts;
  letsIn(account: Account): Promise<boolean>;
  makeForeign(name: string): Promise<void>;
  close(): Promise<void>;
};

let made = 0;

/** A name that no other spec uses. */
export const anAccount = (overrides: Partial<Account> = {}): Account => {
  made += 1;
  return {
    name: `acme${process.pid}-context${made}`,
    cell: `acme${process.pid}`,
    password: newPassword(),
    ...overrides,
  };
};

/** The guarantees of `accounts.ts`, for every adapter of its port. */
export const describeAccounts = (server: string, open: () => Promise<AccountsUnderTest>): void => {
  describe(`accounts in ${server}`, function () {
    this.timeout(60_000);
    let world: AccountsUnderTest;
    let accounts: Accounts;
    before(async () => {
      world = await open();
      accounts = world.accounts;
    });
    after(() => world.close());
    const looked = async (...names: string[]) => Object.fromEntries(await accounts.look(names));

    it('are not there before they are provided', async () => {
      const account = anAccount();
      deepEqual(await looked(account.name), {});
      equal(await world.letsIn(account), false);
    });
    it('let in whoever knows the password, and tell which it is', async () => {
      const [account, other] = [anAccount(), anAccount()];
      await accounts.provide(account);
      equal(await world.letsIn(account), true);
      equal(await world.letsIn({ ...account, password: newPassword() }), false);
      deepEqual(await looked(account.name, other.name), { [account.name]: fingerprintOf(account) });
    });
    it('may be provided again', async () => {
      const account = anAccount();
      await accounts.provide(account);
      await accounts.provide(account);
      equal(await world.letsIn(account), true);
    });
    it('take a new password instead of the old one', async () => {
      const account = anAccount();
      const changed = { ...account, password: newPassword() };
      await accounts.provide(account);
      await accounts.provide(changed);
      deepEqual([await world.letsIn(account), await world.letsIn(changed)], [false, true]);
      deepEqual(await looked(account.name), { [account.name]: fingerprintOf(changed) });
    });
    it('are all named, for as long as they are there', async () => {
      const [account, other] = [anAccount(), anAccount()];
      const named = async () => {
        const names = await accounts.names();
        return [account, other].map(({ name }) => names.has(name));
      };
      await accounts.provide(account);
      await accounts.provide(other);
      deepEqual(await named(), [true, true]);
      await accounts.remove(other.name);
      deepEqual(await named(), [true, false]);
    });
    it('let nobody in once they are removed, and may be removed again', async () => {
      const account = anAccount();
      await accounts.provide(account);
      await accounts.remove(account.name);
      await accounts.remove(account.name);
      equal(await world.letsIn(account), false);
      deepEqual(await looked(account.name), {});
    });
    it('leave alone what someone else made under the same name', async () => {
      const account = anAccount();
      await world.makeForeign(account.name);
      await rejects(accounts.provide(account), NotOurAccount);
      await accounts.remove(account.name);
      deepEqual(await looked(account.name), { [account.name]: '' });
    });
    it('say that the server is away when it is', async () => {
      await rejects(world.away.look(['acme-ordering']), ServerAway);
      await rejects(world.away.names(), ServerAway);
      await rejects(world.away.provide(anAccount()), ServerAway);
      await rejects(world.away.remove('acme-ordering'), ServerAway);
    });
    it('are none of nobody', async () => deepEqual(await looked(), {}));
  });
};
