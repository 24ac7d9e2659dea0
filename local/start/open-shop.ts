import { join } from 'node:path';
import { pino } from 'pino';
import type { BoundedContext } from '../../kit/context/context.ts';
import { createLogger } from '../../kit/telemetry/logger.ts';
import type { Landscape } from '../landscape/landscape.ts';
import { FRONT_DOOR, needsPlatform } from '../landscape/map-of.ts';
import { type PlatformFacts, startPlatformFacts } from '../landscape/platform-facts.ts';
import { openSampleAccount, type SampleAccount } from '../sample/account.ts';
import type { Shop } from '../sample/load.ts';

export type Ground = {
  readonly contexts: readonly BoundedContext[];
  readonly landscape: Landscape;
  readonly mongodbUri: string;
  readonly redisUrl: string;
  readonly tenant: string;
  /** Folder. */
  readonly logs: string;
};

const SAMPLE_PLAN = 'starter';
const METERED_LOOK_MS = 250;

/** Tells what the operator would, about the sample tenant; undefined where no context asks for it. */
export const tellPlatform = async (ground: Ground): Promise<PlatformFacts | undefined> => {
  const { contexts, landscape, mongodbUri, redisUrl, tenant, logs } = ground;
  if (!needsPlatform(contexts)) return undefined;
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

type OpenShop = { readonly shop: Shop; readonly account?: SampleAccount };

/** The way into the shop: through the front door with a key, or, where there is none, to the contexts themselves. */
export const openShop = async ({ landscape, tenant }: Ground, signal: AbortSignal): Promise<OpenShop> => {
  const { endpoints } = landscape;
  const url = (name: string) => endpoints.get(name)?.url ?? '';
  const subscriptions = endpoints.get('subscriptions');
  if (!endpoints.has(FRONT_DOOR) || subscriptions === undefined) {
    const headers = { 'x-tenant': tenant };
    return { shop: { catalogUrl: url('catalog'), orderingUrl: url('ordering'), headers, signal } };
  }
  const cloudUrl = url(FRONT_DOOR);
  const { url: own, adminUrl } = subscriptions;
  const account = await openSampleAccount({ url: own, adminUrl, cloudUrl, tenant, signal });
  const headers = { authorization: `Bearer ${account.key}` };
  const api = (context: string) => `${cloudUrl}/api/${context}`;
  const urls = { catalogUrl: api('catalog'), orderingUrl: api('ordering') };
  return { shop: { ...urls, headers, signal, lookEveryMs: METERED_LOOK_MS }, account };
};
