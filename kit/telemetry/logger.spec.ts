import assert from 'node:assert/strict';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';

const recorded = (level?: string) => {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line)) };
  return { lines, logger: createLogger({ context: 'ordering', level, destination }) };
};

describe('createLogger', () => {
  it('says context, level, time and message, and nothing else of its own', () => {
    const { lines, logger } = recorded();
    logger.info({ orderId: 'o-1' }, 'placed');
    const [{ time, ...line } = {}] = lines;
    assert.deepEqual(line, { level: 'info', context: 'ordering', orderId: 'o-1', msg: 'placed' });
    assert.match(String(time), /^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('leaves out what is below its level, info when none is named', () => {
    const { lines, logger } = recorded('');
    logger.debug('no');
    assert.equal(lines.length, 0);
  });

  it('never shows secrets, wherever they are', () => {
    const { lines, logger } = recorded();
    const secret = 'cad_verysecret';
    logger.info({ authorization: secret, headers: { cookie: secret, 'set-cookie': secret } });
    logger.info({ req: { headers: { authorization: secret } }, user: { key: secret, password: secret } });
    assert.equal(lines.length, 2);
    assert.doesNotMatch(JSON.stringify(lines), /verysecret/);
  });
});

describe('createMetrics', () => {
  it('labels every metric with the context, and has default metrics only when asked', async () => {
    assert.equal((await createMetrics({ context: 'ordering' }).metrics()).trim(), '');
    const text = await createMetrics({ context: 'ordering', defaults: true }).metrics();
    assert.match(text, /process_cpu_seconds_total\{context="ordering"\}/);
  });
});
