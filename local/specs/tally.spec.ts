import { equal } from 'node:assert/strict';
import { exitCodeOf, judge, lastLine } from './tally.ts';

const counts = { passed: 5, failed: 0, complete: true };

describe('judge', () => {
  it('takes the counts of a complete run as they are', () =>
    equal(lastLine(judge({ counts, code: 0, signal: null })), '5 passed, 0 failed'));

  it('keeps the failures that were counted', () =>
    equal(
      lastLine(judge({ counts: { ...counts, failed: 2 }, code: 2, signal: null })),
      '5 passed, 2 failed',
    ));

  it('counts a crash as a failure', () =>
    equal(
      lastLine(judge({ counts: { ...counts, complete: false }, code: null, signal: 'SIGSEGV' })),
      '5 passed, 1 failed',
    ));

  it('counts an early exit with code 0 as a failure', () =>
    equal(
      lastLine(judge({ counts: { ...counts, complete: false }, code: 0, signal: null })),
      '5 passed, 1 failed',
    ));

  it('counts a bad exit without a failed test as a failure', () =>
    equal(lastLine(judge({ counts, code: 1, signal: null })), '5 passed, 1 failed'));
});

describe('exitCodeOf', () => {
  it('is 0 when tests passed and none failed', () => equal(exitCodeOf({ passed: 1, failed: 0 }), 0));
  it('is 1 when one failed', () => equal(exitCodeOf({ passed: 9, failed: 1 }), 1));
  it('is 1 when none ran', () => equal(exitCodeOf({ passed: 0, failed: 0 }), 1));
});
