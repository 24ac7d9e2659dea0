import { deepEqual } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFaults } from './run-faults.ts';
import { summary } from './summary.ts';
import { failures, invalidities } from './verdict.ts';

describe('the landscape under faults', () => {
  it('loses nothing, does nothing twice and keeps the order for a minute', async function () {
    this.timeout(300_000);
    const folder = await mkdtemp(join(tmpdir(), 'cadastre-faults-'));
    const seed = Date.now() % 1_000_000;
    const progress = (line: string) => console.log(`      ${line}`);
    const run = await runFaults({ seconds: 60, seed, ordersPerSecond: 60, folder, progress });
    console.log(summary(run));
    deepEqual([...failures(run), ...invalidities(run)], []);
    await rm(folder, { recursive: true, force: true });
  });
});
