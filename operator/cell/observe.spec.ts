import { deepEqual, equal } from 'node:assert/strict';
import type { KubeObject } from '../engine/kube-object.ts';
import { type Accounts, ServerAway } from './accounts/accounts.ts';
import { restingWhileAway } from './accounts/resting.ts';
import { cellController } from './controller.ts';
import { observer } from './observe.ts';
import type { Servers } from './servers.ts';
import { OPTIONS } from './testing/given.ts';
import { aCell, aContext, aPlan, aSubscription, aTenant, LEAVING } from './testing/objects.ts';
import { aWorld } from './testing/world.ts';

const nobody: Accounts = {
  look: async () => new Map(),
  names: async () => new Set(),
  provide: async () => undefined,
  remove: async () => undefined,
};
const away: Accounts = {
  ...nobody,
  look: async () => {
    throw new ServerAway('MongoDB', undefined);
  },
};
const servers: Servers = {
  mongodb: nobody,
  redis: nobody,
  dropDatabase: async () => undefined,
  dropQueue: async () => undefined,
};

const catalog = aContext({}, 'catalog');
const shop = [aTenant(), aPlan(), aSubscription(), aContext(), catalog];
const observed = (objects: readonly KubeObject[], overrides: Partial<Servers> = {}) =>
  observer(OPTIONS, { ...servers, ...overrides })(aCell(), aWorld(objects));
const candidates = async (objects: readonly KubeObject[]) => (await observed(objects)).candidates;

describe('what is observed of a cell', () => {
  it('are the contexts that its tenants have together, and what is released of each', async () =>
    deepEqual(
      (await candidates(shop)).map(({ name, wanted, isAwake }) => [name, wanted?.image, isAwake]),
      [
        ['catalog', 'shop/catalog:1', true],
        ['ordering', 'shop/ordering:1', true],
      ],
    ));
  it('are contexts that are not released as well, to be waited for', async () =>
    deepEqual(
      (await candidates(shop.filter((one) => one !== catalog))).map(({ name }) => name),
      ['catalog', 'ordering'],
    ));
  it('are no contexts of the platform: they run elsewhere', async () => {
    const platform = aContext({ spec: { scope: 'Platform' } }, 'catalog');
    const objects = [...shop.filter((one) => one !== catalog), platform];
    deepEqual(
      (await candidates(objects)).map(({ name }) => name),
      ['ordering'],
    );
  });
  it('are contexts that sleep, when everyone who has them is suspended', async () => {
    const suspended = aTenant({ spec: { suspended: true } });
    deepEqual(
      (await candidates([...shop.slice(1), suspended])).map(({ isAwake }) => isAwake),
      [false, false],
    );
  });
  it('are no contexts of a tenant that leaves', async () =>
    deepEqual(await candidates([...shop.slice(1), aTenant(LEAVING)]), []));
  it('is that a server is away, and all the rest all the same', async () => {
    const { mongodb, redis, candidates } = await observed(shop, { mongodb: away });
    equal('fault' in mongodb && mongodb.fault.reason, 'MongoDBAway');
    deepEqual([redis, candidates.length], [{ accounts: new Map() }, 2]);
  });
});

describe('the cells that a change concerns', () => {
  const { watches = [] } = cellController(OPTIONS, servers);
  const cells = [aCell(), aCell({ spec: { isolation: 'Pooled' } }, 'pool-1')];
  const world = aWorld([...shop, ...cells]);
  const concerned = (object: KubeObject) =>
    watches
      .filter(({ resource }) => resource.kind === object.kind)
      .flatMap(({ parentsOf }) => [...parentsOf(object, world)]);

  it('is the one where a tenant lives', () => {
    deepEqual(concerned(aTenant()), ['acme']);
    deepEqual(concerned(aTenant({ status: { cell: undefined } })), []);
  });
  it('is the one where the tenant of a subscription lives', () => {
    deepEqual(concerned(aSubscription()), ['acme']);
    deepEqual(concerned(aSubscription({ spec: { tenant: 'missing' } })), []);
  });
  it('are those with subscribers of a plan', () => {
    deepEqual(concerned(aPlan()), ['acme']);
    deepEqual(concerned(aPlan({}, 'unused')), []);
  });
  it('are all when something is released', () => deepEqual(concerned(aContext()), ['acme', 'pool-1']));
});

describe('a server that did not answer', () => {
  let [asked, time] = [0, 0];
  const failing: Accounts = {
    ...away,
    look: async (names) => {
      asked += 1;
      return away.look(names);
    },
  };
  it('is asked again after a rest, not by every cell', async () => {
    const accounts = restingWhileAway(failing, () => time);
    const look = () => accounts.look([]).catch(({ reason }: ServerAway) => reason);
    deepEqual([await look(), await look(), asked], ['MongoDBAway', 'MongoDBAway', 1]);
    time = 2_000;
    deepEqual([await look(), asked], ['MongoDBAway', 2]);
  });
});
