import { deepEqual, equal } from 'node:assert/strict';
import { fileIsTooLong } from './file-is-too-long.ts';

const lines = (count: number): string => 'const a = 1;\n'.repeat(count);

describe('fileIsTooLong', () => {
  it('lets 300 lines pass', () => deepEqual(fileIsTooLong({ path: 'kit/a.ts', text: lines(300) }), []));

  it('refuses 301 lines', () => equal(fileIsTooLong({ path: 'kit/a.ts', text: lines(301) }).length, 1));

  for (const path of [
    'kit/a.spec.ts',
    'kit/a.int.spec.ts',
    'local/names.data.ts',
    'kit/a.generated.ts',
    'kit/testing/a.ts',
  ]) {
    it(`exempts ${path}`, () => deepEqual(fileIsTooLong({ path, text: lines(301) }), []));
  }
});
