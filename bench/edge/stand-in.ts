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

/** Listens as a context does, says that it is ready, and ends with SIGTERM. */
export const serveStandIn = async (handler: RequestListener): Promise<void> => {
  const { PORT, ADMIN_PORT } = process.env;
  await listen({ callback: () => handler }, portSchema.parse(PORT));
  const admin = portSchema.parse(ADMIN_PORT);
  createServer((_, response) => response.end('ok')).listen(admin.port, admin.host);
  process.once('SIGTERM', () => process.exit(0));
};
