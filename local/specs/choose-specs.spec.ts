import { deepEqual } from 'node:assert/strict';
import { chooseSpecs, readArguments } from './choose-specs.ts';

describe('readArguments', () => {
  it('tells paths from options and their values', () =>
    deepEqual(readArguments(['kit/inbox', '--grep', 'kit', '--bail', 'relay']), {
      paths: ['kit/inbox', 'relay'],
      mochaOptions: ['--grep', 'kit', '--bail'],
    }));
});

describe('chooseSpecs', () => {
  const files = [
    'e2e/a.spec.ts',
    'kit/a.int.spec.ts',
    'kit/b.slow.spec.ts',
    'kit/b.spec.ts',
    'kitten/c.spec.ts',
  ];

  it('runs pure specs, then integration specs, then slow ones', () =>
    deepEqual(chooseSpecs(files, []), [
      'kit/b.spec.ts',
      'kitten/c.spec.ts',
      'kit/a.int.spec.ts',
      'e2e/a.spec.ts',
      'kit/b.slow.spec.ts',
    ]));

  it('takes a folder or a file', () =>
    deepEqual(chooseSpecs(files, ['./kit/', 'e2e/a.spec.ts']), [
      'kit/b.spec.ts',
      'kit/a.int.spec.ts',
      'e2e/a.spec.ts',
      'kit/b.slow.spec.ts',
    ]));
});
