import assert from 'node:assert/strict';
import { freePort } from '../../local/servers/free-port.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { openAdminPorts } from './admin-ports.ts';

const options = {
  live: async () => undefined,
  ready: async () => undefined,
  metrics: createMetrics({ context: 'ordering', defaults: true }),
  operations: [{ method: 'GET', path: '/parked', run: async () => ({ parked: [] }) }],
} as const;
const aPort = async () => ({ port: await freePort(), host: '127.0.0.1' });
const ask = ({ port }: { port: number }, path: string) => fetch(`http://127.0.0.1:${port}${path}`);

describe('the ports of a process beside its API', () => {
  it('are one for all that an admin asks, and one for metrics and nothing else', async () => {
    const [ADMIN_PORT, METRICS_PORT] = [await aPort(), await aPort()];
    const parts = await openAdminPorts(options, { ADMIN_PORT, METRICS_PORT });
    for (const port of [ADMIN_PORT, METRICS_PORT])
      assert.match(await (await ask(port, '/metrics')).text(), /process_cpu_seconds_total/);
    for (const path of ['/livez', '/readyz', '/parked']) {
      assert.equal((await ask(ADMIN_PORT, path)).status, 200);
      assert.equal((await ask(METRICS_PORT, path)).status, 404);
    }
    for (const part of parts) await part.stop();
  });
  it('are the first alone when no other is set', async () => {
    const parts = await openAdminPorts(options, { ADMIN_PORT: await aPort() });
    assert.deepEqual(
      parts.map(({ name }) => name),
      ['admin port'],
    );
    for (const part of parts) await part.stop();
  });
});
