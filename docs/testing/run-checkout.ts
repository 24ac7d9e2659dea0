import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as ContextsModule from '../../local/contexts.ts';
import type * as LandscapeModule from '../../local/landscape/landscape.ts';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import type { Checkout } from './checkout.ts';

export type RunningCheckout = { urlOf(context: string): string; stop(): Promise<void> };

/** Runs the copy's own code, in processes of its own, in a cell of its own on the servers of the tests. */
export const runCheckout = async ({ folder }: Checkout): Promise<RunningCheckout> => {
  const { mongodbUri, redisUrl } = await testServers();
  const moduleAt = (path: string) => import(pathToFileURL(join(folder, path)).href);
  const { startLandscape }: typeof LandscapeModule = await moduleAt('local/landscape/landscape.ts');
  const { SHOP: contexts }: typeof ContextsModule = await moduleAt('local/contexts.ts');
  const logs = mkdtempSync(join(tmpdir(), 'guide-logs-'));
  const cell = freshDatabase('guide');
  const landscape = await startLandscape({ mongodbUri, redisUrl, folder: logs, contexts, cell, relays: 1 });
  await landscape.ready();
  return {
    urlOf: (context) => landscape.endpoints.get(context)?.url ?? '',
    stop: async () => {
      await landscape.stop();
      rmSync(logs, { recursive: true, force: true });
    },
  };
};
