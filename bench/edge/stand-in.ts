import { createServer, type RequestListener } from 'node:http';
import type { BoundedContext } from '../../kit/context/context.ts';
import { publishedLanguage } from '../../kit/event/published-language.ts';
import { listen } from '../../kit/rest/server.ts';
import { portSchema } from '../../kit/service/config.ts';

/** A process that the landscape runs as if it were a context: it is in the map, and has neither events nor rules. */
export const standIn = (name: string): BoundedContext => ({
  name,
  version: '0.1.0',
  publishes: publishedLanguage(name, {}),
  upstreams: [],
  aggregates: [],
  api: [],
  reactions: [],
});

/** Listens as a context does once `open` has made who answers; alive from the start, ready then. Ends with SIGTERM. */
export const serveStandIn = async (open: () => RequestListener | Promise<RequestListener>): Promise<void> => {
  const { PORT, ADMIN_PORT } = process.env;
  const admin = portSchema.parse(ADMIN_PORT);
  let isReady = false;
  const probes = createServer(({ url }, response) => {
    response.writeHead(isReady || url === '/livez' ? 200 : 503).end();
  });
  probes.listen(admin.port, admin.host);
  process.once('SIGTERM', () => process.exit(0));
  const handler = await open();
  await listen({ callback: () => handler }, portSchema.parse(PORT));
  isReady = true;
};
