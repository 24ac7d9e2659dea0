import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Supervised, supervise } from '../../../local/landscape/supervised.ts';
import { freePort } from '../../../local/servers/free-port.ts';
import { keepWatch } from '../../../local/servers/keep-watch.ts';

/** Runs what Deployments would run: processes of this machine that end with the specs. */
export const processes = async (map: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'cadastre-'));
  const mapFile = join(folder, 'map.json');
  await writeFile(mapFile, map);
  const watch = keepWatch();
  const pids: number[] = [];
  const running: Supervised[] = [];
  return {
    /** @returns the address of its API, once its admin port says that it is ready. */
    run: async (entry: string, environment: Readonly<Record<string, string>>): Promise<string> => {
      const [port, adminPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
      const name = entry.replaceAll('/', '-');
      const env = {
        ...environment,
        PORT: `127.0.0.1:${port}`,
        ADMIN_PORT: `127.0.0.1:${adminPort}`,
        METRICS_PORT: `127.0.0.1:${metricsPort}`,
        CADASTRE_MAP: mapFile,
      };
      const plan = { name, entry: pathOf(entry), env, logFile: join(folder, `${name}.log`) };
      const onSpawn = (_: string, pid: number): void => {
        pids.push(pid);
        watch.keep({ pids, folders: [folder] });
      };
      running.push(supervise(plan, { onSpawn }));
      while (!(await fetch(`http://127.0.0.1:${adminPort}/readyz`).catch(() => undefined))?.ok) await soon();
      return `http://127.0.0.1:${port}`;
    },
    restarts: () => running.reduce((sum, one) => sum + one.restarts(), 0),
    stop: async () => {
      await Promise.all(running.map((one) => one.stop()));
      watch.keep({ pids: [], folders: [] });
      await watch.end();
      await rm(folder, { recursive: true });
    },
  };
};

const pathOf = (entry: string): string => fileURLToPath(new URL(`../../../${entry}`, import.meta.url));

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 25));
