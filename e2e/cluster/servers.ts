import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { forwarded } from './forward.ts';
import { kubectlJson, NAMESPACE } from './kubectl.ts';

type Secret = { data: Record<string, string> };

export type Administration = { readonly mongo: MongoClient; readonly redis: Redis };

/** The release's own MongoDB and Redis as their administrator, for as long as `use` takes. */
export const administered = <T>(use: (servers: Administration) => Promise<T>): Promise<T> => {
  const at = (service: string, port: number) => ({ namespace: NAMESPACE, to: `service/${service}`, port });
  const targets = { mongodb: at('cadastre-mongodb', 27_017), redis: at('cadastre-redis', 6_379) };
  return forwarded(targets, async ({ mongodb, redis: { port } }) => {
    const username = 'cadastre';
    const password = await passwordOf('cadastre-mongodb');
    const mongo = new MongoClient(`mongodb://127.0.0.1:${mongodb.port}/?directConnection=true`, {
      auth: { username, password },
    });
    const client = new Redis({ host: '127.0.0.1', port, password: await passwordOf('cadastre-redis') });
    // It connects again by itself; who asks meanwhile waits.
    client.on('error', () => undefined);
    try {
      return await use({ mongo, redis: client });
    } finally {
      client.disconnect();
      await mongo.close();
    }
  });
};

const passwordOf = async (name: string): Promise<string> => {
  const { data } = await kubectlJson<Secret>('get', 'secret', name, '-n', NAMESPACE);
  return Buffer.from(data.password ?? '', 'base64').toString();
};
