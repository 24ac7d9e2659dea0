import { deepEqual, equal, ok } from 'node:assert/strict';
import { type Edge, openEdge, say, until, untilNone } from './testing/edge.ts';

const [OPEN, LOCKED] = ['acme', 'globex'];
const AWAY_MS = 12_000;
const ASKING = 3;
const KILL_EVERY_MS = 50;

describe('the front door while subscriptions is down', function () {
  this.timeout(300_000);
  let edge: Edge;
  before(async () => {
    edge = await openEdge({ tenants: [OPEN, LOCKED], replicas: { cloud: 2 } });
  });
  after(() => edge?.close());

  const keyOf = (tenant: string) => edge.accounts.get(tenant)?.key ?? '';
  const known = async () => {
    const [open, locked] = await Promise.all([OPEN, LOCKED].map((tenant) => edge.whoami(keyOf(tenant))));
    return { open, locked };
  };
  const asKnown = { open: [200, 200], locked: [402, 402] };
  const untilAsKnown = () =>
    until(async () => {
      const now = await known();
      return JSON.stringify(now) === JSON.stringify(asKnown) || now;
    });
  const requests = async () => {
    const headers = { 'x-api-key': keyOf(OPEN) };
    const { body } = await say(`GET ${edge.doorUrls[0]}/api/usage`, { headers });
    return Number((body['meters'] as Record<string, number>)['requests'] ?? 0);
  };
  /** Asks for items until then. @returns how often which account was answered what. */
  const askUntil = async (end: number) => {
    const answered = new Map<string, number>();
    const ask = async (tenant: string) => {
      while (performance.now() < end) {
        const { status } = await edge.doors.ask({
          tenant,
          context: 'ordering',
          path: '/v1/items',
          method: 'GET',
        });
        const name = `${tenant} ${status}`;
        answered.set(name, (answered.get(name) ?? 0) + 1);
      }
    };
    await Promise.all([OPEN, LOCKED].flatMap((tenant) => Array.from({ length: ASKING }, () => ask(tenant))));
    return answered;
  };

  it('serves, meters and locks what was known; each window is charged once after it is back', async () => {
    equal((await edge.staff(`${LOCKED}/lock`, { reason: 'spec' })).status, 200);
    await untilAsKnown();
    const { processes } = edge.landscape;
    const killing = setInterval(() => processes.get('subscriptions')?.signal('SIGKILL'), KILL_EVERY_MS);
    try {
      const answered = await askUntil(performance.now() + AWAY_MS);
      deepEqual([...answered.keys()].sort(), [`${OPEN} 200`, `${LOCKED} 402`]);
      const times = answered.get(`${OPEN} 200`) ?? 0;
      ok((await requests()) >= times, `${times} were answered`);
      // A replica of the front door that starts meanwhile knows as much.
      const before = processes.get('cloud-2')?.restarts() ?? 0;
      processes.get('cloud-2')?.signal('SIGKILL');
      await until(async () => processes.get('cloud-2')?.restarts() === before + 1);
      await untilAsKnown();
      ok((await edge.usageFaults()).length > 0, 'nobody is there to charge');
    } finally {
      clearInterval(killing);
    }
    await untilNone(edge.usageFaults, 120_000);
  });
});
