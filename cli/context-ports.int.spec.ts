import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import { type Listening, listen } from '../kit/rest/server.ts';
import { createAdminApp, type Operation } from '../kit/service/admin.ts';
import { freePort } from '../local/servers/free-port.ts';
import { CommandFailed } from './command-failed.ts';
import { askAll, type ContextPort, get } from './context-ports.ts';

const healthy = async () => undefined;

describe('askAll', () => {
  const servers: Listening[] = [];
  const told: string[] = [];
  const { error } = console;
  let answering: ContextPort;
  let older: ContextPort;
  let away: ContextPort;

  const portOf = async (context: string, operations: readonly Operation[]): Promise<ContextPort> => {
    const app = createAdminApp({ live: healthy, ready: healthy, metrics: new Registry(), operations });
    const server = await listen(app, { port: 0, host: '127.0.0.1' });
    servers.push(server);
    return { context, cell: 'pool-1', adminUrl: `http://127.0.0.1:${server.port}` };
  };
  before(async () => {
    const run = async () => ({ parked: [] });
    answering = await portOf('ordering', [{ method: 'GET', path: '/parked', run }]);
    older = await portOf('shipping', []);
    away = { context: 'catalog', cell: 'pool-1', adminUrl: `http://127.0.0.1:${await freePort()}` };
  });
  beforeEach(() => {
    told.length = 0;
    console.error = (line: string) => told.push(line);
  });
  afterEach(() => {
    console.error = error;
    process.exitCode = undefined;
  });
  after(() => Promise.all(servers.map((server) => server.close())));

  const ask = (...ports: ContextPort[]) => askAll(ports, (port) => get(port, '/parked'));

  it('gives the answers there are, says what is missing, and lets the command end with 1', async () => {
    assert.deepEqual(await ask(away, answering, older), [{ port: answering, answer: { parked: [] } }]);
    assert.equal(process.exitCode, 1);
    assert.match(
      told[0] ?? '',
      /^cannot reach the admin port of pool-1\/catalog .*retry.* is missing here\.$/,
    );
    assert.match(told[1] ?? '', /^pool-1\/shipping does not know GET \/parked: .*another version/);
  });
  it('says nothing when all answer', async () => {
    assert.equal((await ask(answering)).length, 1);
    assert.deepEqual([told, process.exitCode], [[], undefined]);
  });
  it('fails when nobody answers', async () => {
    await assert.rejects(ask(away, older), CommandFailed);
  });
});
