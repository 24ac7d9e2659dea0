import { deepEqual } from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { watchLiveness } from './watch-liveness.ts';

const times = { everyMs: 5, timeoutMs: 500, failures: 3, failuresAtStart: 5 };

/** A process whose livez answers with these statuses, then with 200. @returns at which probe it was killed. */
const killsOf = async (statuses: readonly number[]): Promise<number[]> => {
  const kills: number[] = [];
  const ended = new AbortController();
  let probes = 0;
  const server = createServer((_, response) => {
    response.statusCode = statuses[probes] ?? 200;
    probes += 1;
    response.end(() => {
      if (probes > statuses.length) ended.abort();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const process = {
    pid: () => 1,
    signal: () => {
      kills.push(probes);
      return true;
    },
  };
  await watchLiveness({ process, adminUrl: `http://127.0.0.1:${port}`, signal: ended.signal, times });
  server.closeAllConnections();
  server.close();
  return kills;
};

describe('watchLiveness', () => {
  it('lets a process live that fails now and then', async () =>
    deepEqual(await killsOf([200, 503, 503, 200, 503, 503]), []));

  it('kills one that fails three times in a row', async () =>
    deepEqual(await killsOf([200, 503, 503, 503]), [4]));

  it('has more patience with one that starts', async () =>
    deepEqual(await killsOf([503, 503, 503, 503, 200, 503, 503, 503]), [8]));

  it('counts anew after a kill', async () => deepEqual(await killsOf([200, 503, 503, 503, 503, 503]), [4]));
});
