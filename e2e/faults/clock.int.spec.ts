import { deepEqual, equal } from 'node:assert/strict';
import { type Edge, openEdge, type Person, type Said, TENANT, until, untilNone } from './testing/edge.ts';

const OFF_MS = 300_000;
const GRACE_SECONDS = 900;
const REQUESTS = 40;

for (const [how, ms] of [
  ['ahead', OFF_MS],
  ['behind', -OFF_MS],
] as const) {
  // Each of them stands beside one whose clock is right: what differs is the clock of one process.
  const clocks = { 'cloud-2': ms, 'subscriptions-2': ms, 'relay-2': ms, ordering: ms };

  describe(`processes with clocks 5 minutes ${how}, beside others with the right time`, function () {
    this.timeout(300_000);
    let edge: Edge;
    let people: Person[];
    before(async () => {
      edge = await openEdge({ clocks, relays: 2 });
      people = await Promise.all(edge.portalUrls.map((url) => edge.signIn(TENANT, url)));
    });
    after(() => edge?.close());

    const untilAnswered = (key: string, status: number) =>
      until(async () => {
        const answers = await edge.whoami(key);
        return answers.every((one) => one === status) || answers;
      });
    const secretOf = ({ body, text, status }: Said) => {
      equal([200, 201].includes(status), true, text);
      return String(body['secret']);
    };

    it('run with the clock that they are to have', async () => {
      const [right, off] = await Promise.all(
        people.map((one) => one.ask('POST /v1/keys', { name: 'clock', scopes: ['*'] })),
      );
      const timeOf = (made: Said | undefined) =>
        Date.parse((made?.body['key'] as { createdAt: string }).createdAt);
      equal(Math.round((timeOf(off) - timeOf(right)) / 60_000), ms / 60_000);
    });

    it('take the sessions of each other', async () => {
      for (const { cookie } of people) {
        const statuses = await Promise.all(
          edge.portalUrls.map(async (url) => (await fetch(`${url}/v1/me`, { headers: { cookie } })).status),
        );
        deepEqual(statuses, [200, 200]);
      }
    });

    it('take new keys, and the secret before a rotation for its grace', async () => {
      for (const one of people) {
        const made = await one.ask('POST /v1/keys', { name: 'clock', scopes: ['*'] });
        const first = secretOf(made);
        await untilAnswered(first, 200);
        const { keyId } = made.body['key'] as { keyId: string };
        const rotate = (graceSeconds: number) => one.ask(`POST /v1/keys/${keyId}/rotate`, { graceSeconds });
        const second = secretOf(await rotate(GRACE_SECONDS));
        await untilAnswered(second, 200);
        await untilAnswered(first, 200);
        const third = secretOf(await rotate(0));
        await untilAnswered(third, 200);
        await untilAnswered(second, 401);
        await untilAnswered(first, 401);
      }
    });

    it('verify the identities of each other, and charge each window once', async () => {
      const items = { tenant: TENANT, context: 'ordering', path: '/v1/items', method: 'GET' } as const;
      const answers = await Promise.all(Array.from({ length: REQUESTS }, () => edge.doors.ask(items)));
      deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      await untilNone(edge.usageFaults, 120_000);
    });

    it('relay for one another', async () => {
      edge.landscape.processes.get('relay-1')?.signal('SIGKILL');
      const [owner] = people;
      const made = await owner?.ask('POST /v1/keys', { name: 'clock', scopes: ['*'] });
      if (made) await untilAnswered(secretOf(made), 200);
    });
  });
}
