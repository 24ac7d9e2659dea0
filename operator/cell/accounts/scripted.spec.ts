import { deepEqual } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCRIPTED } from './redis-accounts.ts';

const scripts = join(dirname(fileURLToPath(import.meta.resolve('bullmq'))), 'scripts');

const calledBy = (file: string): string[] => {
  const calls = readFileSync(join(scripts, file), 'utf8').matchAll(/\br?call\(\s*['"](\w+)['"]/g);
  return [...calls].map(([, command = '']) => command.toLowerCase());
};

describe('the commands that a Redis user of a context may call', () => {
  it("are those of this BullMQ's scripts", () => {
    const called = readdirSync(scripts)
      .filter((file) => file.endsWith('.js'))
      .flatMap(calledBy);
    deepEqual([...new Set(called)].sort(), [...SCRIPTED].sort());
  });
});
