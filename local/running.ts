import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const runningSchema = z.object({
  /** Of the process that runs the landscape; its death makes the record stale. */
  pid: z.int().positive(),
  startedAt: z.iso.datetime(),
  tenant: z.string(),
  /** Where the logs are: `<name>.log`. */
  logs: z.string(),
  /** The folder given with `--data`. */
  data: z.string().optional(),
  mongodbUri: z.string(),
  redisUrl: z.string(),
  endpoints: z.array(z.object({ name: z.string(), url: z.url(), adminUrl: z.url() })),
});

/** A landscape that runs on this machine, as it tells the commands of `cli/` where it is. */
export type Running = z.infer<typeof runningSchema>;

/** One folder per user; what is in it decides where commands are sent, so nobody else may write there. */
const runningFolder = (): string => {
  const folder = join(tmpdir(), `cadastre-${userInfo().uid}`, 'running');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(folder);
  if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) {
    throw new Error(`cannot trust ${folder}: others may write to it; remove it and start again`);
  }
  return folder;
};

export const runningFile = (pid: number): string => join(runningFolder(), `${pid}.json`);

/** @returns the file's path; whoever wrote it removes it. */
export const writeRunning = (running: Running): string => {
  const file = runningFile(running.pid);
  writeFileSync(file, JSON.stringify(running, undefined, 2), { mode: 0o600 });
  return file;
};

/** The landscapes of this user, the oldest first. Records whose process has gone are removed. */
export const readRunning = (): Running[] => {
  const folder = runningFolder();
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files
    .flatMap((name) => {
      const running = readRecord(join(folder, name));
      if (running !== undefined && isAlive(running.pid)) return [running];
      rmSync(join(folder, name), { force: true });
      return [];
    })
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
};

/**
 * Claims the ports from `first` on for this process, so that two landscapes that start at once do not both find them
 * free. @returns the claim's file, to be removed at the end; undefined when another landscape has them.
 */
export const claimPorts = (first: number): string | undefined => {
  const claim = join(runningFolder(), `ports-from-${first}.pid`);
  if (!existsSync(claim) || !isAlive(Number(readFileSync(claim, 'utf8')))) rmSync(claim, { force: true });
  try {
    writeFileSync(claim, String(process.pid), { flag: 'wx', mode: 0o600 });
    return claim;
  } catch {
    return undefined;
  }
};

/** Signal 0 only asks whether there is such a process. */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const readRecord = (file: string): Running | undefined => {
  try {
    return runningSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
};
