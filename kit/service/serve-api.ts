import type { RequestListener } from 'node:http';
import type { BoundedContext, ServeDeps, Served } from '../context/context.ts';
import { followMap } from '../context-map/followed-map.ts';
import { createApp } from '../rest/app.ts';
import type { VerifyNow } from '../rest/identify.ts';
import { listen } from '../rest/server.ts';
import { identityOfMap } from './identity-of-map.ts';
import type { Part } from './lifecycle.ts';

/** Opens the port of a context's API: its own where it has one, else that which the kit makes of its routes. */
export const serveApi = async (context: BoundedContext, deps: ServeDeps): Promise<Part[]> => {
  if (context.serve !== undefined) return [await opened(await context.serve(deps), deps)];
  const { config, logger } = deps;
  const { map, stop } = await followMap(config.CADASTRE_MAP, logger);
  const served = appServed(context, deps, identityOfMap(map, context.name));
  return [{ name: 'map', stop }, await opened(served, deps)];
};

const opened = async ({ handler, stop }: Served, { config }: ServeDeps): Promise<Part> => {
  const server = await listen({ callback: () => handler }, config.PORT);
  return {
    name: 'REST',
    stop: async () => {
      await server.close();
      await stop();
    },
  };
};

const appServed = (context: BoundedContext, deps: ServeDeps, verify: VerifyNow): Served => {
  const app = createApp({ ...deps, context, errors: context.refusals ?? {}, verify });
  const api = app.callback();
  const handler: RequestListener = (request, response) => {
    if (!context.pages?.(request, response)) void api(request, response);
  };
  return { handler, stop: async () => undefined };
};
