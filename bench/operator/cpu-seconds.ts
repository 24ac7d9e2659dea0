import { readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second, whatever its own clock. */
const TICKS = 100;

/** What a process has used of all cores since it began; not a number where there is no /proc. */
export const cpuSeconds = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program is in brackets and may hold spaces: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
};
