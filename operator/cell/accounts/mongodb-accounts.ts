import { type Db, type Document, type MongoClient, MongoServerError } from 'mongodb';
import { isMongoAway } from '../../../kit/aggregate/mongodb-away.ts';
import {
  type Account,
  type Accounts,
  fingerprintOf,
  NotOurAccount,
  ServerAway,
  ServerRefused,
} from './accounts.ts';

const USER_EXISTS = 51_003;
const NO_SUCH_USER = 11;

/** Users that live in the database that they reach, marked with the cell that they were made for. */
export const mongodbAccounts = (client: MongoClient): Accounts => ({
  look: (names) =>
    asked(client, async () => {
      const users = await usersNamed(client.db('admin'), names);
      return new Map(users.map(({ user, customData }) => [user, customData?.cadastre?.fingerprint ?? '']));
    }),
  names: () =>
    asked(client, async () => {
      const filter = { 'customData.cadastre': { $exists: true } };
      const answer = await client.db('admin').command({ usersInfo: { forAllDBs: true }, filter });
      return new Set((answer['users'] as User[]).map(({ user }) => user));
    }),
  provide: (account) =>
    asked(client, async () => {
      const db = client.db(account.name);
      const made = await unless(USER_EXISTS, () =>
        db.command({ createUser: account.name, ...userOf(account) }),
      );
      if (made) return;
      const [found] = await usersNamed(db, [account.name]);
      if (found && found.customData?.cadastre?.cell !== account.cell)
        throw new NotOurAccount('MongoDB', account.name);
      await db.command({ updateUser: account.name, ...userOf(account) });
    }),
  remove: (name) =>
    asked(client, async () => {
      const db = client.db(name);
      const [found] = await usersNamed(db, [name]);
      if (found?.customData?.cadastre) await unless(NO_SUCH_USER, () => db.command({ dropUser: name }));
    }),
});

/** Removes a database that was a context's. */
export const dropDatabase = (client: MongoClient, name: string): Promise<void> =>
  asked(client, async () => void (await client.db(name).dropDatabase()));

type User = {
  readonly user: string;
  readonly customData?: { readonly cadastre?: { readonly cell: string; readonly fingerprint: string } };
};

const usersNamed = async (db: Db, names: readonly string[]): Promise<readonly User[]> => {
  if (names.length === 0) return [];
  const answer = await db.command({ usersInfo: names.map((name) => ({ user: name, db: name })) });
  return answer['users'] as User[];
};

/** SCRAM-SHA-256 alone: making the SHA-1 credentials as well costs half the time. */
const userOf = (account: Account): Document => ({
  pwd: account.password,
  mechanisms: ['SCRAM-SHA-256'],
  roles: ['readWrite', 'dbAdmin'].map((role) => ({ role, db: account.name })),
  customData: { cadastre: { cell: account.cell, fingerprint: fingerprintOf(account) } },
});

/** @returns whether it went without this error. */
const unless = async (code: number, act: () => Promise<unknown>): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === code) return false;
    throw error;
  }
};

/** A client whose first connection failed stays closed until it is told to connect again. */
const asked = async <T>(client: MongoClient, ask: () => Promise<T>): Promise<T> => {
  try {
    await client.connect();
    return await ask();
  } catch (error) {
    if (isMongoAway(error)) throw new ServerAway('MongoDB', error);
    if (error instanceof MongoServerError) throw new ServerRefused('MongoDB', error);
    throw error;
  }
};
