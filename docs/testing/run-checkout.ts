import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSigner } from '../../kit/identity/signer.ts';
import type * as ContextsModule from '../../local/contexts.ts';
import type * as LandscapeModule from '../../local/landscape/landscape.ts';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { type Call, callOf } from './call.ts';
import type { Checkout } from './checkout.ts';

export type RunningCheckout = { readonly call: Call; stop(): Promise<void> };

/** Runs the copy's own code, in processes of its own, in a cell of its own on the servers of the tests. */
export const runCheckout = async ({ folder }: Checkout): Promise<RunningCheckout> => {
  const { mongodbUri, redisUrl } = await testServers();
  const moduleAt = (path: string) => import(pathToFileURL(join(folder, path)).href);
  const { startLandscape }: typeof LandscapeModule = await moduleAt('local/landscape/landscape.ts');
  const { SHOP: contexts }: typeof ContextsModule = await moduleAt('local/contexts.ts');
  const logs = mkdtempSync(join(tmpdir(), 'guide-logs-'));
  const cell = freshDatabase('guide');
  const signer = await startSigner();
  const own = { contexts, cell, identity: signer.issuer, folder: logs };
  const landscape = await startLandscape({ mongodbUri, redisUrl, ...own, relays: 1 });
  await landscape.ready();
  return {
    call: callOf(landscape.endpoints, signer),
    stop: async () => {
      await landscape.stop();
      await signer.stop();
      rmSync(logs, { recursive: true, force: true });
    },
  };
};
