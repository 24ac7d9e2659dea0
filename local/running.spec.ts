import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { claimPorts, type Running, readRunning, runningFile, writeRunning } from './running.ts';

/** Above Linux' largest process id. */
const NOBODY = 5_000_000;

const aRecord = (overrides: Partial<Running> = {}): Running => ({
  pid: process.pid,
  startedAt: '2026-01-01T00:00:00.000Z',
  tenant: 'acme',
  logs: '/logs',
  mongodbUri: 'mongodb://127.0.0.1:1/',
  redisUrl: 'redis://127.0.0.1:2',
  endpoints: [{ name: 'ordering', url: 'http://127.0.0.1:3', adminUrl: 'http://127.0.0.1:4' }],
  ...overrides,
});

describe('the records of running landscapes', () => {
  const before = process.env['TMPDIR'];
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'running-spec-'));
    process.env['TMPDIR'] = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  });

  it('tell what was written, to this user alone', () => {
    const file = writeRunning(aRecord());
    assert.deepEqual(readRunning(), [aRecord()]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('are removed when their process has gone, or when they make no sense', () => {
    const files = [writeRunning(aRecord({ pid: NOBODY })), runningFile(1)];
    writeFileSync(files[1] ?? '', '{');
    assert.deepEqual(readRunning(), []);
    assert.deepEqual(
      files.filter((file) => existsSync(file)),
      [],
    );
  });

  it('are not trusted where others may write', () => {
    chmodSync(dirname(writeRunning(aRecord())), 0o777);
    assert.throws(readRunning, /others may write/);
  });

  it('claim ports once, until the process that claimed them has gone', () => {
    const claim = claimPorts(7_001);
    assert.ok(claim);
    assert.equal(claimPorts(7_001), undefined);
    writeFileSync(claim, String(NOBODY));
    assert.equal(claimPorts(7_001), claim);
  });
});
