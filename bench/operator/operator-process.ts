import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Supervised, supervise } from '../../local/landscape/supervised.ts';
import { freePort } from '../../local/servers/free-port.ts';
import { keepWatch } from '../../local/servers/keep-watch.ts';
import { sumOf } from './samples.ts';

export type OperatorPlan = {
  readonly name: string;
  readonly kubeconfigFile: string;
  readonly mongodbUri: string;
  readonly redisUrl: string;
  readonly namespace: string;
  readonly folder: string;
  readonly nodeOptions: readonly string[];
  readonly workers: number | undefined;
  readonly say: (line: string) => void;
};

/** The operator as a process of its own, started again when it ends, as a Deployment would. */
export type OperatorProcess = {
  readonly process: Supervised;
  /** Resolves when all caches are complete, leader or not. */
  ready(): Promise<void>;
  /** Resolves when it leads and no key waits or is worked on. */
  idle(): Promise<void>;
  /** SIGTERM, and resolves when it has ended. */
  stop(): Promise<void>;
};

/** What charts/cadastre gives the operator: V8's part of its memory limit of 512 MB. */
const HEAP = ['--max-old-space-size=332', '--max-semi-space-size=8'];

const LOOK_MS = 50;
const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

export const startOperator = async (plan: OperatorPlan): Promise<OperatorProcess> => {
  const adminPort = await freePort();
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  const watch = keepWatch();
  const { name, folder, nodeOptions, say, workers } = plan;
  const logFile = join(folder, `${name}.log`);
  const env = {
    ADMIN_PORT: `127.0.0.1:${adminPort}`,
    KUBECONFIG: plan.kubeconfigFile,
    LOG_LEVEL: 'warn',
    MONGODB_URI: plan.mongodbUri,
    OPERATOR_NAMESPACE: plan.namespace,
    REDIS_URL: plan.redisUrl,
    ...(workers !== undefined && { WORKERS: `${workers}` }),
  };
  const supervised = supervise(
    { name, entry: MAIN, env, logFile, nodeOptions: [...HEAP, ...nodeOptions] },
    {
      onSpawn: (_, pid) => watch.keep({ pids: [pid], folders: [] }),
      onExit: (_, how) => say(`${name} ended: ${how}; its log is ${logFile}`),
    },
  );
  return {
    process: supervised,
    ready: () => until(async () => (await textOf(`${adminUrl}/readyz`)) !== undefined),
    idle: () => until(async () => isIdle(await textOf(`${adminUrl}/metrics`))),
    stop: async () => {
      await supervised.stop();
      watch.keep({ pids: [], folders: [] });
      await watch.end();
    },
  };
};

const isIdle = (metrics: string | undefined): boolean => {
  if (metrics === undefined) return false;
  const keysThat = (state: string) =>
    sumOf(metrics, 'reconcile_queue_keys', (labels) => labels.state === state);
  // A standby has no queues at all.
  return metrics.includes('reconcile_queue_keys{') && keysThat('waiting') + keysThat('working') === 0;
};

/** Undefined while it does not answer with 200. */
const textOf = async (url: string): Promise<string | undefined> => {
  const answer = await fetch(url).catch(() => undefined);
  const text = await answer?.text().catch(() => undefined);
  return answer?.ok ? text : undefined;
};

const until = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition())) await delay(LOOK_MS);
};
