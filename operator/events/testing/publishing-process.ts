// An operator that reconciles one tenant again and again, as a process of its own that may be killed at any moment:
// publishing-process.ts <mongodb uri> <database> <cluster database>. The tenant's resource is a document that it reads.
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { ConcurrencyConflict } from '../../../kit/aggregate/errors.ts';
import { mongoFacts } from '../facts.ts';
import { aTenantProvisioned } from './events.ts';

const [uri = '', database = '', cluster = ''] = process.argv.slice(2);
const client = new MongoClient(uri, { appName: 'cadastre' });
const facts = mongoFacts(client, client.db(database));
const resources = client.db(cluster).collection<{ _id: string; cell: string }>('resources');
for (;;) {
  const found = await resources.findOne({ _id: 'acme' });
  const event = aTenantProvisioned({ cell: found?.cell ?? 'pool-0' });
  try {
    await facts.publish({ about: 'tenant', tenant: 'acme-00000001', id: 'acme-00000001', event });
    process.send?.('published');
  } catch (error) {
    // As the engine does: what another process has left open in MongoDB ends by itself.
    if (!(error instanceof ConcurrencyConflict)) throw error;
    await delay(500);
  }
}
