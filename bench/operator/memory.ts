import { readFile } from 'node:fs/promises';
import { residentKb } from '../memory.ts';

export const residentMb = async (pid: number): Promise<number> => (await residentKb(pid)) / 1_024;

/** The most that was resident since the process began, which Linux remembers; elsewhere what is resident now. */
export const highestMb = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, highest] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return highest === undefined ? residentMb(pid) : Number(highest) / 1_024;
};
