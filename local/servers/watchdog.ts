// Runs as a process of its own: outlives a parent that was killed with SIGKILL just long enough to end
// the servers and remove the folders that the parent last named. Each line on stdin replaces the one before.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kept } from './keep-watch.ts';

/** Signal 0 only asks whether there is such a process. */
const reaches = (pid: number, signal: 'SIGKILL' | 0): boolean => {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
};

let kept: Kept = { pids: [], folders: [] };

const cleanUp = async (): Promise<void> => {
  for (const pid of kept.pids) reaches(pid, 'SIGKILL');
  // The folder goes last: a dying server would write into it again. A container without an init process
  // never reaps orphans, and they look alive for ever, hence the limit of one second.
  for (let wait = 0; wait < 50 && kept.pids.some((pid) => reaches(pid, 0)); wait += 1) await sleep(20);
  for (const folder of kept.folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    kept = JSON.parse(line) as Kept;
  })
  .on('close', () => void cleanUp());
