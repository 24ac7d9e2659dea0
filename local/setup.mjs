// Makes one command enough on a clean checkout: every npm script has this as its `pre` script, so it runs
// on whatever Node the machine has, before any dependency exists.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} path */
const changedAt = (path) => statSync(`${root}/${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const installed = changedAt('node_modules/.package-lock.json');
if (installed === 0 || installed < changedAt('package-lock.json')) {
  console.error('setup: installing dependencies with npm ci (about 10 s) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error(
      `setup: npm ci failed (${npm.error?.message ?? `exit code ${npm.status}`}); see the lines above, put right what they name and run the command again.`,
    );
    process.exit(npm.status || 1);
  }
}
