import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freshDatabase, freshRedisPrefix } from '../../../../local/servers/for-tests.ts';
import { freePort } from '../../../../local/servers/free-port.ts';
import type { Servers } from '../../../../local/servers/start-servers.ts';
import { type Courier, courierTo } from './courier.ts';

/** The context as it runs: its own process, hearing events from its queue. */
export interface ServedSubscriptions extends Courier {
  readonly url: string;
  /** A command of the platform's people, on the admin port. @throws Error when it is refused. */
  staff(path: string, body: object): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
/** Nobody is let in by a header: sessions are the only way in. */
const MAP = {
  contexts: [],
  tenants: [],
  identity: { issuer: 'cadastre-cloud', jwks: 'http://127.0.0.1:9/jwks.json' },
};

type Addresses = Pick<Servers, 'mongodbUri' | 'redisUrl'>;

export const serveSubscriptions = async ({
  mongodbUri,
  redisUrl,
}: Addresses): Promise<ServedSubscriptions> => {
  const folder = await mkdtemp(join(tmpdir(), 'portal-'));
  const map = join(folder, 'map.json');
  await writeFile(map, JSON.stringify(MAP));
  const [port, adminPort] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const prefix = freshRedisPrefix('portal');
  const env = {
    ...{ PORT: port, ADMIN_PORT: adminPort, MONGODB_URI: mongodbUri, REDIS_URL: redisUrl },
    ...{ MONGODB_DATABASE: freshDatabase('portal'), REDIS_PREFIX: prefix, CADASTRE_MAP: map },
    ...{ CADASTRE_CELL: 'platform', LOG_LEVEL: 'fatal' },
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const exited = once(child, 'exit');
  const courier = courierTo(redisUrl, prefix.slice(1, -1));
  const isReady = async () => (await fetch(`http://${adminPort}/readyz`).catch(() => undefined))?.ok === true;
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`subscriptions ended with ${child.exitCode}`);
    await delay(50);
  }
  return {
    ...courier,
    url: `http://${port}`,
    staff: (path, body) => post(`http://${adminPort}${path}`, body),
    stop: async () => {
      await courier.close();
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
};

const post = async (url: string, body: object): Promise<Record<string, unknown>> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} refuses (${answer.status}): ${text}`);
  return JSON.parse(text);
};
