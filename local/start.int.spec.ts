import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type MongoClient as Client, MongoClient } from 'mongodb';
import { ordering } from '../contexts/ordering/contract.ts';
import type { EventType } from '../kit/event/published-language.ts';
import { type OutboxDocument, outboxDocument } from '../kit/outbox/outbox.ts';
import { isAlive, type Running } from './running.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** A temporary folder of its own keeps this landscape apart from those that run on this machine. */
const temporary = mkdtempSync(join(tmpdir(), 'start-spec-'));
const env = { ...process.env, TMPDIR: temporary };
const running = join(temporary, `cadastre-${userInfo().uid}`, 'running');

const run = (file: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(file, args, { cwd: root, env, timeout: 45_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
const cadastre = (...args: string[]) => run(process.execPath, 'cli/main.ts', ...args, '--local');

const eventually = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(25);
  }
};

/** A landscape of this checkout, its output and the record that it leaves for commands. */
const start = async (...args: string[]) => {
  const child = spawn(process.execPath, ['local/start.ts', ...args], { cwd: root, env });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  await eventually(async () => {
    assert.equal(child.exitCode, null, output);
    return output.includes('Ctrl-C stops everything') || undefined;
  });
  const record: Running = (await import(join(running, `${child.pid}.json`), { with: { type: 'json' } }))
    .default;
  return { child, record, output: () => output };
};

const ended = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

const processesBelow = async (pid: number | undefined): Promise<number[]> => {
  const { stdout } = await run('ps', '-o', 'pid=', '--ppid', String(pid));
  return stdout.split('\n').filter(Boolean).map(Number);
};

describe('npm start', () => {
  let landscape: Awaited<ReturnType<typeof start>>;
  let client: Client;

  before(async function () {
    this.timeout(90_000);
    landscape = await start('--tenant', 'corner-shop');
    client = await MongoClient.connect(landscape.record.mongodbUri);
  });
  after(async () => {
    await client?.close();
    landscape?.child.kill('SIGKILL');
    rmSync(temporary, { recursive: true, force: true, maxRetries: 10 });
  });

  /** Of the sample account. */
  const loginKey = () => /^KEY=(\S+)$/m.exec(landscape.output())?.[1];
  const askShipping = (path: string) => {
    const { endpoints } = landscape.record;
    const cloud = endpoints.find(({ name }) => name === 'cloud')?.url;
    return fetch(`${cloud}/api/shipping${path}`, { headers: { authorization: `Bearer ${loginKey()}` } });
  };

  /** Writes what ordering would have published into its outbox. */
  const publish = async (orderId: string, sequence: number, event: { type: string; data: unknown }) => {
    const fact = {
      language: ordering,
      tenant: 'corner-shop',
      subject: `order/${orderId}`,
      sequence,
      event,
      cause: {},
      time: new Date().toISOString(),
    };
    const type = (ordering.events as Record<string, EventType>)[event.type];
    assert.ok(type);
    const outbox = client.db('local-ordering').collection<OutboxDocument>('outbox');
    await outbox.insertOne(outboxDocument(fact, type));
  };

  it('prints commands that work as they stand, and another that shows the way of the order', async () => {
    const printed = landscape.output().split('\n');
    const commands = printed.filter((line) => /^(KEY=|curl|ORDER=|until) ?/.test(line));
    assert.equal(commands.length, 6);
    const { code, stdout } = await run('bash', '-c', [...commands, 'echo "id:$ORDER"'].join('\n'));
    assert.equal(code, 0);
    const orderId = /^id:(.+)$/m.exec(stdout)?.[1] ?? '';
    assert.match(stdout, /"sku":"indigo-teapot"/);
    assert.ok(stdout.includes(`"shipmentId":"${orderId}"`));

    const hops = await eventually(async () => {
      const trace = await cadastre('trace', orderId, '--json');
      const found = trace.code === 0 ? JSON.parse(trace.stdout).hops : [];
      return found.length >= 5 ? found : undefined;
    });
    const told = new Set(hops.map((hop: { context: string; did: string }) => `${hop.context} ${hop.did}`));
    const expected = ['ordering published', 'catalog handled', 'shipping handled'];
    for (const one of [...expected, 'catalog published', 'shipping published']) assert.ok(told.has(one), one);
    assert.match(
      (await cadastre('trace', orderId)).stdout,
      /\+0 ms {2}ordering {2}published {2}ordering\.order-placed\.v1/,
    );
  }).timeout(60_000);

  it('names the remedy when a trace finds nothing', async () => {
    const { code, stderr } = await cadastre('trace', 'no-such-order');
    assert.equal(code, 1);
    assert.match(stderr, /check the id/);
  });

  it('shows parked events, redrives them in order and gives them up on demand', async () => {
    await publish('poison', 1, { type: 'OrderPlaced', data: { orderId: 'poison' } });
    await publish('poison', 2, {
      type: 'OrderCancelled',
      data: { orderId: 'poison', reason: 'none', lines: [], cancelledAt: new Date().toISOString() },
    });
    const stream = 'ordering/corner-shop/order/poison';
    const parked = await eventually(async () => {
      const found = JSON.parse((await cadastre('parked', '--json')).stdout);
      return found.length === 2 && found.every((one: { behind: number }) => one.behind === 1)
        ? found
        : undefined;
    });
    assert.deepEqual(
      parked.map((one: { context: string; stream: string; failure: { code: string } }) => [
        one.context,
        one.stream,
        one.failure.code,
      ]),
      [
        ['catalog', stream, 'contract-mismatch'],
        ['shipping', stream, 'contract-mismatch'],
      ],
    );
    assert.match(
      (await cadastre('trace', 'poison')).stdout,
      /parked[^\n]*order-placed[^\n]*\n\s+contract-mismatch/,
    );

    const redriven = await cadastre('redrive', '--context', 'catalog', stream);
    assert.equal(redriven.code, 1);
    assert.match(redriven.stdout, /parked again/);
    const ambiguous = await cadastre('discard', stream);
    assert.equal(ambiguous.code, 1);
    assert.match(ambiguous.stderr, /--context/);
    for (const context of ['catalog', 'shipping']) {
      assert.equal((await cadastre('discard', '--context', context, stream)).code, 0);
    }
    assert.equal((await cadastre('parked')).stdout, 'Nothing is parked.\n');
    const shipments = await askShipping('/v1/shipments?order=poison');
    assert.equal(((await shipments.json()) as { items: { status: string }[] }).items[0]?.status, 'cancelled');
  }).timeout(60_000);

  it('says in one line that a process ended and is started again', async () => {
    const { stdout } = await run('ps', '-eo', 'pid=,ppid=,args=');
    const shipping = stdout
      .split('\n')
      .find((line) => line.includes(`${landscape.child.pid} `) && line.includes('shipping/main.ts'));
    process.kill(Number.parseInt(shipping ?? '', 10), 'SIGKILL');
    await eventually(
      async () => /shipping ended \(SIGKILL\) and is started again/.test(landscape.output()) || undefined,
    );
  });

  it('runs beside another, and leaves nothing behind when it is killed', async () => {
    const other = await start('--data', join(temporary, 'kept'));
    const urls = [other, landscape].flatMap(({ record }) => record.endpoints.map(({ url }) => url));
    assert.equal(new Set(urls).size, urls.length);
    const twice = await run(process.execPath, 'local/start.ts', '--data', join(temporary, 'kept'));
    assert.equal(twice.code, 1);
    assert.match(twice.stderr, /in use/);

    const started = await processesBelow(other.child.pid);
    other.child.kill('SIGKILL');
    await eventually(async () => started.filter(isAlive).length === 0 || undefined);
    await eventually(async () => !existsSync(join(running, `${other.child.pid}.json`)) || undefined);
    assert.ok(existsSync(join(temporary, 'kept', 'logs', 'shipping.log')));
  }).timeout(90_000);

  it('leaves nothing behind when it is stopped', async () => {
    await client.close();
    const started = await processesBelow(landscape.child.pid);
    // MongoDB, Redis, two watchdogs, two relays, three contexts, of which one may be about to start again.
    assert.ok(started.length >= 8);
    landscape.child.kill('SIGTERM');
    assert.equal(await ended(landscape.child), 0);
    assert.deepEqual(started.filter(isAlive), []);
    assert.deepEqual(readdirSync(running), []);
    assert.equal(existsSync(landscape.record.logs), false);
    assert.deepEqual((await cadastre('parked')).stderr.match(/npm start/)?.[0], 'npm start');
  }).timeout(60_000);
});
