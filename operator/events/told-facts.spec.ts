import { deepEqual, rejects } from 'node:assert/strict';
import type { Fact } from './facts.ts';
import { aTenantProvisioned, aTenantRemoved } from './testing/events.ts';
import { rememberingFacts } from './told-facts.ts';

const TENANT = 'acme-00000001';
const livesIn = (cell: string): Fact => ({
  about: 'tenant',
  tenant: TENANT,
  id: TENANT,
  event: aTenantProvisioned({ cell }),
});
const gone: Fact = { ...livesIn('a'), event: aTenantRemoved() };

/** Takes down what reaches the database, which can be away. */
const aDatabase = () => {
  const database = { reached: [] as string[], isAway: false };
  const facts = rememberingFacts({
    publish: async ({ event }) => {
      if (database.isAway) throw new Error('away');
      database.reached.push(event.type === 'TenantProvisioned' ? event.data.cell : event.type);
    },
  });
  return { database, facts };
};

describe('facts that were told', () => {
  it('are not told again until they are others', async () => {
    const { database, facts } = aDatabase();
    for (const cell of ['a', 'a', 'b', 'b', 'a']) await facts.publish(livesIn(cell));
    deepEqual(database.reached, ['a', 'b', 'a']);
  });
  it('are told again when another may have led', async () => {
    const { database, facts } = aDatabase();
    await facts.publish(livesIn('a'));
    facts.forget();
    await facts.publish(livesIn('a'));
    deepEqual(database.reached, ['a', 'a']);
  });
  it('count only once the database has them', async () => {
    const { database, facts } = aDatabase();
    database.isAway = true;
    await rejects(facts.publish(livesIn('a')));
    database.isAway = false;
    await facts.publish(livesIn('a'));
    deepEqual(database.reached, ['a']);
  });
  it('are asked about after their end', async () => {
    const { database, facts } = aDatabase();
    for (const fact of [gone, gone]) await facts.publish(fact);
    deepEqual(database.reached, ['TenantRemoved', 'TenantRemoved']);
  });
});
