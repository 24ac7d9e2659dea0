// npm run check: every check runs even when one before it fails, so one run shows all there is to mend.
import { spawnSync } from 'node:child_process';
import { projectFolder } from './source-files.ts';

const checks: Record<string, readonly string[]> = {
  'format and lint': ['biome', 'ci', '--error-on-warnings', '--max-diagnostics=100'],
  types: ['tsc', '--noEmit'],
  'types of the portal': ['tsc', '--noEmit', '--project', 'contexts/subscriptions/portal'],
  'file size and import arrows': ['node', 'local/lint/lint.ts'],
  'generated files': ['node', 'local/generate.ts', '--check'],
};

const passes = ([title, [command = '', ...args]]: [string, readonly string[]]): boolean => {
  console.log(`check: ${title}`);
  return spawnSync(command, args, { cwd: projectFolder, stdio: 'inherit', shell: false }).status === 0;
};

const failed = Object.entries(checks).filter((check) => !passes(check));
console.log(
  failed.length === 0 ? 'check: all is well' : `check: failed: ${failed.map(([title]) => title).join(', ')}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
