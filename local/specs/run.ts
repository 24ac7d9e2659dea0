// npm test: runs mocha over the specs and ends with a true `N passed, N failed`.
import { spawn } from 'node:child_process';
import { projectFolder, sourceFiles } from '../source-files.ts';
import { chooseSpecs, readArguments, unknownPaths } from './choose-specs.ts';
import { type Counts, exitCodeOf, judge, lastLine, type MochaEnd, noCounts, type Verdict } from './tally.ts';

/** How long an open handle (a client, a timer) may keep mocha from ending after its last test. */
const patienceMs = 10_000;

const runMocha = (args: readonly string[]): Promise<MochaEnd> =>
  new Promise((resolve) => {
    const mocha = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...args], {
      cwd: projectFolder,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    let counts: Counts = noCounts;
    let impatience: NodeJS.Timeout | undefined;
    mocha.on('message', (message) => {
      counts = message as Counts;
      if (counts.complete) impatience = setTimeout(() => mocha.kill('SIGKILL'), patienceMs);
    });
    const passOn = (signal: NodeJS.Signals): void => void mocha.kill(signal);
    // The terminal sends Ctrl-C to mocha as well; we stay for the last line.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', passOn);
    mocha.on('close', (code, signal) => {
      clearTimeout(impatience);
      resolve({ counts, code, signal });
    });
  });

const run = async (): Promise<Verdict> => {
  const { paths, mochaOptions } = readArguments(process.argv.slice(2));
  const unknown = unknownPaths(paths);
  const specs = chooseSpecs(sourceFiles('**/*.spec.ts'), paths);
  if (unknown.length > 0) {
    return { passed: 0, failed: 1, reason: `no such file or folder: ${unknown.join(', ')}` };
  }
  if (specs.length === 0) return { passed: 0, failed: 1, reason: `no *.spec.ts in ${paths.join(', ')}` };
  const end = await runMocha([...mochaOptions, ...specs]);
  if (end.counts.complete && end.signal === 'SIGKILL') {
    const reason =
      'a spec left something open (a client, a server, a timer), so mocha did not end: counted as one failed';
    return { ...end.counts, failed: end.counts.failed + 1, reason };
  }
  return judge(end);
};

const verdict = await run();
if (verdict.reason) console.error(verdict.reason);
// Set, not called: process.exit could cut off what a pipe has not taken yet.
process.exitCode = exitCodeOf(verdict);
console.log(lastLine(verdict));
