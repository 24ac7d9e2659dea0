import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { createLogger } from '../../kit/telemetry/logger.ts';
import { type Landscape, type LandscapeOptions, startLandscape } from '../../local/landscape/landscape.ts';
import { startPlatformFacts } from '../../local/landscape/platform-facts.ts';
import { openSampleAccount, type SampleAccount } from '../../local/sample/account.ts';
import { type Servers, type ServersOptions, startServers } from '../../local/servers/start-servers.ts';
import { planSpec } from '../../operator/api/plan.ts';
import { type Doors, openDoors } from './doors.ts';

export type GroundOptions = ServersOptions &
  Pick<LandscapeOptions, 'contexts' | 'relays' | 'replicas' | 'entries' | 'logLevel'> & {
    /** For the map and the logs; exists. */
    readonly folder: string;
    readonly tenants: readonly string[];
  };

/** A whole landscape on servers of its own, where each tenant has an account, money and a login key. */
export type Ground = {
  readonly servers: Servers;
  readonly client: MongoClient;
  readonly landscape: Landscape;
  readonly doors: Doors;
  /** By tenant. */
  readonly accounts: ReadonlyMap<string, SampleAccount>;
  stop(): Promise<void>;
};

/** All units cost something, so every window is in the ledger. */
const PLAN = planSpec.parse({
  displayName: 'Faults',
  contexts: ['catalog', 'ordering', 'shipping'],
  quotas: { requestsPerSecond: 10_000 },
  prices: { currency: 'EUR', basePerMonth: 0, perUnit: { requests: 3, bytes: 1 } },
  overdraft: { amount: 0 },
});
const READY_WITHIN_MS = 60_000;
const TOP_UP = { amount: 1_000_000_000, currency: 'EUR', cause: 'faults' };

export const openGround = async (options: GroundOptions): Promise<Ground> => {
  const { folder, tenants } = options;
  const servers = await startServers(options);
  const client = new MongoClient(servers.mongodbUri);
  const stops = [() => client.close(), () => servers.stop()];
  const stop = async (): Promise<void> => {
    for (const one of stops) await one();
  };
  try {
    const landscape = await startLandscape({ ...options, ...servers });
    stops.unshift(() => landscape.stop());
    const told = { logger: loggerIn(folder), ...placesIn(landscape), plans: new Map([['faults', PLAN]]) };
    const facts = await startPlatformFacts({ ...servers, ...told });
    stops.unshift(() => facts.stop());
    await landscape.ready();
    const opened = tenants.map(async (tenant) => {
      const owner = `ada@${tenant}.example`;
      await facts.provision({ tenant, displayName: tenant, owner, plan: 'faults' });
      return [tenant, await openAccount(landscape, tenant)] as const;
    });
    const accounts = new Map(await Promise.all(opened));
    const doors = openDoors(doorsIn(landscape), accounts);
    return { servers, client, landscape, doors, accounts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Every replica of the front door. */
const doorsIn = ({ endpoints }: Landscape): string[] =>
  [...endpoints.values()].filter(({ name }) => /^cloud(-\d+)?$/.test(name)).map(({ url }) => url);

const loggerIn = (folder: string) => {
  const destination = pino.destination({ dest: join(folder, 'platform.log'), sync: true });
  return createLogger({ context: 'platform', level: 'info', destination });
};

const placesIn = ({ map: { contexts, tenants } }: Landscape) => {
  const own = contexts.filter(({ scope, url }) => scope === 'Tenant' && url !== undefined);
  const urls = Object.fromEntries(own.map(({ name, url = '' }) => [name, url]));
  return { cell: tenants[0]?.cell ?? '', urls };
};

const openAccount = async ({ endpoints }: Landscape, tenant: string): Promise<SampleAccount> => {
  const subscriptions = endpoints.get('subscriptions');
  const { url = '', adminUrl = '' } = subscriptions ?? {};
  const cloudUrl = endpoints.get('cloud')?.url ?? '';
  const signal = AbortSignal.timeout(READY_WITHIN_MS);
  const account = await openSampleAccount({ url, adminUrl, cloudUrl, tenant, signal });
  const topUp = await fetch(`${adminUrl}/v1/accounts/${tenant}/top-ups`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(TOP_UP),
  });
  if (!topUp.ok) throw new Error(`cannot top up ${tenant}: ${topUp.status} ${await topUp.text()}`);
  return account;
};
