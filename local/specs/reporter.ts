import Mocha from 'mocha';
import type { Counts } from './tally.ts';

/**
 * Mocha's spec reporter, which also tells the process that started mocha how many passed and failed so
 * far: a mocha that crashes has then still been counted. A failed hook is a failure; so is a skipped
 * test, since this project has no test that nobody means to run.
 */
const countingReporter = function countingReporter(runner: Mocha.Runner, options: Mocha.MochaOptions) {
  let passed = 0;
  let failed = 0;
  const tell = (complete: boolean): void => {
    process.send?.({ passed, failed, complete } satisfies Counts);
  };
  const fail = (): void => {
    failed += 1;
    tell(false);
  };
  runner.on('pass', () => {
    passed += 1;
    tell(false);
  });
  runner.on('fail', fail);
  runner.on('pending', fail);
  runner.once('end', () => tell(true));
  return new Mocha.reporters.Spec(runner, options);
};

// Mocha loads reporters with require(), to which Node gives the export of this name.
export { countingReporter as 'module.exports' };
