import { deepEqual, equal } from 'node:assert/strict';
import { MongoClient } from 'mongodb';
import { type Servers, startServers } from '../../../local/servers/start-servers.ts';
import { heading, type OpenPortal, openPortal } from './testing/open-portal.ts';

/** On servers of its own: MongoDB loses its primary, which no other spec may notice. */
describe('the portal while its database takes no writes', function () {
  this.timeout(180_000);
  let servers: Servers;
  let portal: OpenPortal;
  let client: MongoClient;

  before(async function () {
    this.timeout(300_000);
    servers = await startServers({ cacheGb: 0.25 });
    portal = await openPortal(servers);
    client = await MongoClient.connect(`mongodb://127.0.0.1:${servers.mongod.port}/?directConnection=true`);
  });
  after(async () => {
    await client?.close();
    await portal?.close();
    await servers?.stop();
  });

  const stepDown = () => client.db('admin').command({ replSetStepDown: 600, force: true });
  const electAgain = () => client.db('admin').command({ replSetFreeze: 0 });

  it('is read-only under a banner, shows what it knew, and goes on by itself', async () => {
    const page = await portal.openSignedIn('/keys');
    const newKey = page.getByRole('button', { name: 'New key' });
    const create = page.getByRole('button', { name: 'Create key' });
    const make = async (name: string): Promise<void> => {
      await newKey.click();
      await page.getByLabel('Name').fill(name);
      await create.click();
    };
    await make('early');
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('link', { name: 'Plan' }).click();
    await page.getByText('Your plan').waitFor();
    await page.getByRole('link', { name: 'Keys' }).click();
    await stepDown();
    await make('late');
    await page.getByRole('status').getByText('Read-only.').waitFor();
    equal(await create.getAttribute('aria-disabled'), 'true');
    await page.getByText('Send it again').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await portal.picture(page, 'read-only');
    await page.getByRole('link', { name: 'Plan' }).click();
    await heading(page, 'Plan');
    await page.getByText('Your plan').waitFor();
    await page.getByRole('link', { name: 'Keys' }).click();
    await electAgain();
    await page.getByText('Read-only.').waitFor({ state: 'detached', timeout: 60_000 });
    await make('late');
    await page.getByRole('dialog', { name: 'The key late' }).waitFor();
    deepEqual(portal.complaints, []);
  });
});
