import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Executable, ServerName } from './executable.ts';
import { freePort } from './free-port.ts';
import { type Kept, keepWatch } from './keep-watch.ts';
import { type Server, type ServerHooks, startServer } from './server.ts';
import { ServerDied, type ServerPlan } from './server-process.ts';

/** How to start one server, wherever its folder and its port turn out to be. */
export type Recipe = {
  readonly name: ServerName;
  readonly executable: Executable;
  readonly readyLine: string;
  readonly args: (folder: string, port: number) => string[];
  readonly whenReady?: (folder: string, port: number) => Promise<void>;
};

export type GroupOptions = {
  /** Kept when the servers stop. When absent: a temporary folder, removed when the servers stop. */
  readonly dataFolder?: string;
  /** One sentence when a server dies by itself, with the end of its log. */
  readonly onExit?: (sentence: string) => void;
};

/** Servers that share a folder and an end. */
export interface ServerGroup {
  /** Each server has a folder of its own in it, named after the server. */
  readonly folder: string;
  start(recipe: Recipe): Promise<Server>;
  /** Resolves when no process and no temporary folder is left. May be called twice. */
  stop(): Promise<void>;
}

type Ground = { readonly folder: string; readonly hooks: Omit<ServerHooks, 'whenReady'> };

/** Another program may bind the port between our look and the server's start: then we look again. */
const startOnFreePort = async (recipe: Recipe, ground: Ground, attempts = 5): Promise<Server> => {
  const { name, executable, readyLine, whenReady } = recipe;
  const folder = join(ground.folder, name);
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  const plan: ServerPlan = { name, executable, folder, port, readyLine, args: recipe.args(folder, port) };
  try {
    return await startServer(plan, { ...ground.hooks, whenReady: async () => whenReady?.(folder, port) });
  } catch (cause) {
    if (!(cause instanceof ServerDied && cause.portWasTaken && attempts > 1)) throw cause;
    return startOnFreePort(recipe, ground, attempts - 1);
  }
};

/** Everything that the watchdog must know, told to it on each change. */
const watchOver = (temporaryFolders: readonly string[]) => {
  const watch = keepWatch();
  const pids = new Map<ServerName, number>();
  const tell = (): void => watch.keep({ pids: [...pids.values()], folders: temporaryFolders } satisfies Kept);
  tell();
  return {
    onSpawn: (name: ServerName, pid: number): void => {
      pids.set(name, pid);
      tell();
    },
    end: (): Promise<void> => {
      // Ended processes' ids may belong to others by now.
      pids.clear();
      tell();
      return watch.end();
    },
  };
};

const ignore = (): void => undefined;

/** The group's servers end with this process, however it ends. A group has at most one server of a name. */
export const serverGroup = ({ dataFolder, onExit = ignore }: GroupOptions): ServerGroup => {
  const folder = dataFolder ? resolve(dataFolder) : join(tmpdir(), `cadastre-${randomUUID()}`);
  const watch = watchOver(dataFolder ? [] : [folder]);
  const stopSignal = dataFolder ? 'SIGTERM' : 'SIGKILL';
  const ground: Ground = { folder, hooks: { onSpawn: watch.onSpawn, onExit, stopSignal } };

  const started: Server[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
    if (!dataFolder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await watch.end();
  };
  let stopped: Promise<void> | undefined;
  return {
    folder,
    start: async (recipe) => {
      const server = await startOnFreePort(recipe, ground);
      started.push(server);
      return server;
    },
    stop: () => {
      stopped ??= stopAll();
      return stopped;
    },
  };
};
