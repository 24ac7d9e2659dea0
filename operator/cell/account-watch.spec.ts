import { deepEqual, equal } from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isConcerned, listenToServers, type Present } from './account-watch.ts';
import { type Accounts, ServerAway } from './accounts/accounts.ts';
import { aCell } from './testing/objects.ts';
import { aWorld } from './testing/world.ts';

const ready = (reason: string) => [
  { type: 'Ready', status: reason === 'Running' ? 'True' : 'False', reason, message: '' },
];

/** A cell that runs ordering. */
const cellNamed = (name: string, reason = 'Running') =>
  aCell(
    {
      status: {
        contexts: [{ name: 'ordering', version: '1', image: 'i', ready: true }],
        conditions: ready(reason),
      },
    },
    name,
  );
const acme = cellNamed('acme');
const both = (names: readonly string[] | undefined): Present => {
  const there = names && new Set(names);
  return { MongoDB: there, Redis: there };
};
const ALL = both(['acme-ordering']);

describe('a cell by the names of accounts', () => {
  it('is left alone when each of its contexts has its accounts', () => equal(isConcerned(acme, ALL), false));
  it('is looked at when Redis has lost one', () =>
    equal(isConcerned(acme, { ...ALL, Redis: new Set() }), true));
  it('is looked at when MongoDB has lost one', () =>
    equal(isConcerned(acme, { ...ALL, MongoDB: new Set() }), true));
  it('is left alone while a server does not say', () => equal(isConcerned(acme, both(undefined)), false));
  it('is looked at when it says that a server is away which answers', () => {
    const cell = cellNamed('acme', 'RedisAway');
    equal(isConcerned(cell, ALL), true);
    equal(isConcerned(cell, { ...ALL, Redis: undefined }), false);
  });
  it('is looked at for as long as an account is someone else’s', () =>
    equal(isConcerned(cellNamed('acme', 'AccountNotOurs'), ALL), true));
});

/** Answers with one set of names after the other, and with the last from then on. */
const answering = (...answers: readonly (readonly string[] | undefined)[]) => {
  let asked = 0;
  const accounts: Accounts = {
    look: async () => new Map(),
    names: async () => {
      const names = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (names === undefined) throw new ServerAway('Redis', undefined);
      return new Set(names);
    },
    provide: async () => undefined,
    remove: async () => undefined,
  };
  return { accounts, asked: () => asked };
};

const there = ['acme-ordering', 'globex-ordering'];
const world = aWorld([acme, cellNamed('globex')]);

/** Who is woken until Redis has been asked for more than its answers. */
const wokenBy = async (...answers: readonly (readonly string[] | undefined)[]): Promise<string[]> => {
  const redis = answering(...answers);
  const woken: string[] = [];
  const listen = listenToServers({ mongodb: answering(there).accounts, redis: redis.accounts }, 1);
  const end = listen((key) => void woken.push(key), world);
  while (redis.asked() <= answers.length) await delay(1);
  end();
  return woken;
};

describe('listening to the servers', () => {
  it('wakes nobody while all is there', async () => deepEqual(await wokenBy(there, there), []));
  it('wakes the cells that lack an account, and no others', async () =>
    deepEqual(await wokenBy(there, ['globex-ordering'], there), ['acme']));
  it('wakes all when a server has gone, once', async () =>
    deepEqual(await wokenBy(there, undefined, undefined, undefined), ['acme', 'globex']));
  it('ends', async () => {
    const { accounts, asked } = answering(there);
    const end = listenToServers({ mongodb: accounts, redis: accounts }, 1)(() => undefined, world);
    end();
    const before = asked();
    await delay(20);
    equal(asked(), before);
  });
});
