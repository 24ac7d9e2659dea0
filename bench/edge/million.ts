import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { supervise } from '../../local/landscape/supervised.ts';
import { freePort } from '../../local/servers/free-port.ts';
import { keepWatch } from '../../local/servers/keep-watch.ts';
import type { Servers } from '../../local/servers/start-servers.ts';
import type { Bench, Ground } from '../ground.ts';
import { cpuSeconds } from '../operator/cpu-seconds.ts';
import { highestMb, residentMb } from '../operator/memory.ts';
import { openConnection } from './connection.ts';
import { addKeys, fillCredentials } from './credentials.ts';
import { whoami } from './doors.ts';
import { expect } from './owner.ts';
import { quietServers } from './quiet-servers.ts';

const CREDENTIALS = 1_000_000;
const DATABASE = 'bench-million';
const LOOK_MS = 25;
const MAIN = fileURLToPath(new URL('../../contexts/cloud/main.ts', import.meta.url));

/** A front door that finds a million credentials: from its start until it is ready, and what is resident then. */
export const million: Bench = {
  names: ['edge.million.seconds', 'edge.million.memory'],
  run: async (ground) => {
    const servers = await quietServers(ground);
    ground.say(`writing ${CREDENTIALS.toLocaleString('en-US')} credentials`);
    const key = await writeCredentials(servers);
    const door = await startDoor(ground, servers);
    try {
      const seconds = await door.ready();
      const cpu = (await cpuSeconds(door.pid())).toFixed(1);
      const connection = await openConnection(door.url);
      expect(200, await connection.ask(whoami(key)));
      connection.close();
      const pid = door.pid();
      const note = `${(await highestMb(pid)).toFixed(0)} MB at the most while it started`;
      return [
        { name: 'edge.million.seconds', value: seconds, unit: 's', note: `${cpu} s of CPU` },
        { name: 'edge.million.memory', value: await residentMb(pid), unit: 'MB', note },
      ];
    } finally {
      await door.stop();
    }
  },
};

/** @returns a login key that opens. */
const writeCredentials = async ({ mongodbUri }: Servers): Promise<string> => {
  const client = new MongoClient(mongodbUri);
  try {
    const db = client.db(DATABASE);
    await fillCredentials(db, CREDENTIALS - 1);
    const [key = ''] = await addKeys(db, 1, () => 'acme');
    return key;
  } finally {
    await client.close();
  }
};

const startDoor = async ({ folder, nodeOptions, say }: Ground, { mongodbUri, redisUrl }: Servers) => {
  const [port, adminPort] = [await freePort(), await freePort()];
  const mapFile = join(folder, 'million.json');
  await writeFile(mapFile, JSON.stringify({ contexts: [], tenants: [] }));
  const env = {
    PORT: `127.0.0.1:${port}`,
    ADMIN_PORT: `127.0.0.1:${adminPort}`,
    MONGODB_URI: mongodbUri,
    MONGODB_DATABASE: DATABASE,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: '{bench-million}',
    CADASTRE_MAP: mapFile,
    CADASTRE_CELL: 'platform',
    LOG_LEVEL: 'warn',
  };
  const watch = keepWatch();
  const since = performance.now();
  const plan = { name: 'million', entry: MAIN, env, logFile: join(folder, 'million.log'), nodeOptions };
  const supervised = supervise(plan, {
    onSpawn: (_, pid) => watch.keep({ pids: [pid], folders: [] }),
    onExit: (name, how) => say(`${name} ended: ${how}`),
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: () => supervised.pid() ?? Number.NaN,
    /** @returns seconds since it was started. */
    ready: async (): Promise<number> => {
      while (!(await fetch(`http://127.0.0.1:${adminPort}/readyz`).catch(() => undefined))?.ok)
        await delay(LOOK_MS);
      return (performance.now() - since) / 1_000;
    },
    stop: async () => {
      await supervised.stop();
      watch.keep({ pids: [], folders: [] });
      await watch.end();
    },
  };
};
