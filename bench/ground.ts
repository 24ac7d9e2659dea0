import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BoundedContext } from '../kit/context/context.ts';
import { type Signer, startSigner } from '../kit/identity/signer.ts';
import { SHOP } from '../local/contexts.ts';
import { type Landscape, type LandscapeOptions, startLandscape } from '../local/landscape/landscape.ts';
import { type Servers, startServers } from '../local/servers/start-servers.ts';
import type { Figure } from './figure.ts';

/** Room for all events of a run, so that no bench measures a lost history by accident. */
const OPLOG_MB = 3_000;

/** Figures that are measured together. */
export type Bench = {
  /** All that it may report. */
  readonly names: readonly string[];
  run(ground: Ground): Promise<readonly Figure[]>;
};

/** What a bench stands on: it asks for servers and processes, and whoever made the ground removes them. */
export type Ground = {
  readonly say: (line: string) => void;
  /** Exists, and goes with the ground. */
  readonly folder: string;
  /** V8's flags of every process that is measured. */
  readonly nodeOptions: readonly string[];
  /** A landscape on servers of its own. Logs are kept until the bench ends. */
  start(options: StartOptions): Promise<Standing>;
  /** The whole landscape, the same for all who ask. */
  whole(): Promise<Standing>;
  /** What else is to be ended, before the landscapes are. */
  atEnd(end: () => Promise<void>): void;
  stop(): Promise<void>;
};

export type StartOptions = Pick<LandscapeOptions, 'relays' | 'replicas' | 'entries'> & {
  readonly contexts?: readonly BoundedContext[];
  /** What the processes are to find when they start. */
  readonly prepare?: (servers: Servers) => Promise<void>;
};

export type Standing = {
  readonly servers: Servers;
  readonly landscape: Landscape;
  /** Whose word contexts take, where no front door is among them. */
  readonly signer: Signer;
  stop(): Promise<void>;
};

export type GroundOptions = {
  readonly say: (line: string) => void;
  /** Where every process leaves a CPU profile when it ends. */
  readonly profiles?: string | undefined;
};

export const createGround = ({ say, profiles }: GroundOptions): Ground => {
  const folder = mkdtempSync(join(tmpdir(), 'cadastre-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const standing: Standing[] = [];
  const ends: (() => Promise<void>)[] = [];
  let whole: Promise<Standing> | undefined;

  const start: Ground['start'] = async ({ prepare, ...options }) => {
    const servers = await startServers({ oplogSizeMb: OPLOG_MB, progress: say, onExit: say });
    const signer = await startSigner();
    const prepared = async () => {
      await prepare?.(servers);
      return startLandscape({
        ...servers,
        contexts: SHOP,
        identity: signer.issuer,
        ...options,
        folder: join(folder, `${standing.length}`),
        logLevel: 'warn',
        nodeOptions: profiling,
        onExit: (name, how) => say(`${name} ended: ${how}`),
      });
    };
    const landscape = await prepared().catch(async (error: unknown) => {
      await signer.stop();
      await servers.stop();
      throw error;
    });
    const one = {
      servers,
      landscape,
      signer,
      stop: once(async () => {
        await landscape.stop();
        await signer.stop();
        await servers.stop();
      }),
    };
    standing.push(one);
    await landscape.ready();
    return one;
  };
  return {
    say,
    folder,
    nodeOptions: profiling,
    start,
    whole: () => {
      whole ??= start({});
      return whole;
    },
    atEnd: (end) => void ends.push(end),
    stop: async () => {
      for (const end of ends) await end();
      await Promise.all(standing.map((one) => one.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const once = (stop: () => Promise<void>): (() => Promise<void>) => {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= stop();
    return stopped;
  };
};
