import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectFolder } from '../source-files.ts';

const MAIN = `
import { said } from './rules/said.ts';
console.log(said);
setInterval(() => undefined, 1_000);
`;

describe('restart-on-change', function () {
  this.timeout(20_000);
  let folder: string;
  let running: ChildProcess;
  let out: string;

  /** As tar and most editors do: another file takes the name. */
  const replace = (name: string, text: string): void => {
    writeFileSync(join(folder, '..', 'draft'), text);
    renameSync(join(folder, '..', 'draft'), join(folder, name));
  };
  const says = async (text: string): Promise<void> => {
    while (!out.includes(text)) await delay(20);
  };

  beforeEach(async () => {
    const parent = mkdtempSync(join(tmpdir(), 'restart-'));
    folder = join(parent, 'app');
    mkdirSync(join(folder, 'rules'), { recursive: true });
    writeFileSync(join(folder, 'main.ts'), MAIN);
    writeFileSync(join(folder, 'rules', 'said.ts'), "export const said: string = 'first';\n");
    out = '';
    const program = join(projectFolder, 'local/image/restart-on-change.ts');
    running = spawn(process.execPath, [program, 'main.ts'], { cwd: folder });
    const hear = (chunk: Buffer) => {
      out += chunk;
    };
    running.stdout?.on('data', hear);
    running.stderr?.on('data', hear);
    await says('first');
  });
  afterEach(async () => {
    if (running.exitCode === null) {
      running.kill('SIGTERM');
      await once(running, 'exit');
    }
    rmSync(join(folder, '..'), { recursive: true });
  });

  it('runs the process again whenever the same file is replaced', async () => {
    for (const text of ['second', 'third', 'fourth']) {
      replace('rules/said.ts', `export const said = '${text}';\n`);
      await says(text);
    }
  });
  it('sees folders that are new', async () => {
    mkdirSync(join(folder, 'more'));
    replace('more/said.ts', "export const said = 'from a new folder';\n");
    replace('main.ts', MAIN.replace('./rules', './more'));
    await says('from a new folder');
    replace('more/said.ts', "export const said = 'again';\n");
    await says('again');
  });
  it('waits for the next change after a mistake', async () => {
    replace('rules/said.ts', 'export const said = ;\n');
    await says('waiting for a change');
    replace('rules/said.ts', "export const said = 'mended';\n");
    await says('mended');
  });
  it('ends with the process when it is told to', async () => {
    running.kill('SIGTERM');
    const [code] = await once(running, 'exit');
    assert.equal(code, 0);
  });
});
