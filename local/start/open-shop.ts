import { join } from 'node:path';
import { pino } from 'pino';
import { createLogger } from '../../kit/telemetry/logger.ts';
import type { Endpoint, Landscape } from '../landscape/landscape.ts';
import { FRONT_DOOR } from '../landscape/map-of.ts';
import { type PlatformFacts, startPlatformFacts } from '../landscape/platform-facts.ts';
import { openSampleAccount, type SampleAccount } from '../sample/account.ts';
import type { Shop } from '../sample/load.ts';

export type Ground = {
  readonly landscape: Landscape;
  readonly mongodbUri: string;
  readonly redisUrl: string;
  readonly tenant: string;
  /** Folder. */
  readonly logs: string;
};

const SAMPLE_PLAN = 'starter';
const METERED_LOOK_MS = 250;

/** Tells what the operator would, about the sample tenant. */
export const tellPlatform = async (ground: Ground): Promise<PlatformFacts> => {
  const { landscape, mongodbUri, redisUrl, tenant, logs } = ground;
  const destination = pino.destination({ dest: join(logs, 'platform.log'), sync: true });
  const logger = createLogger({ context: 'platform', level: 'info', destination });
  const { contexts: mapped, tenants } = landscape.map;
  const own = mapped.filter(({ scope, url }) => scope === 'Tenant' && url !== undefined);
  const urls = Object.fromEntries(own.map(({ name, url = '' }) => [name, url]));
  const cell = tenants[0]?.cell ?? '';
  const facts = await startPlatformFacts({ mongodbUri, redisUrl, logger, cell, urls });
  await facts.provision({
    tenant,
    displayName: tenant,
    owner: `ada@${tenant}.example`,
    plan: SAMPLE_PLAN,
  });
  return facts;
};

type OpenShop = { readonly shop: Shop; readonly account: SampleAccount };

/** The way into the shop: through the front door, with the login key of an account of its own. */
export const openShop = async ({ landscape, tenant }: Ground, signal: AbortSignal): Promise<OpenShop> => {
  const cloudUrl = placeOf(landscape, FRONT_DOOR).url;
  const { url, adminUrl } = placeOf(landscape, 'subscriptions');
  const account = await openSampleAccount({ url, adminUrl, cloudUrl, tenant, signal });
  const headers = { authorization: `Bearer ${account.key}` };
  const api = (context: string) => `${cloudUrl}/api/${context}`;
  const urls = { catalogUrl: api('catalog'), orderingUrl: api('ordering') };
  return { shop: { ...urls, headers, signal, lookEveryMs: METERED_LOOK_MS }, account };
};

const placeOf = ({ endpoints }: Landscape, name: string): Endpoint => {
  const found = endpoints.get(name);
  if (found === undefined) throw new Error(`cannot open the shop: there is no ${name} in this landscape`);
  return found;
};
