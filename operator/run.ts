import { setTimeout as delay } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { type Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import type { AdminOptions } from '../kit/service/admin.ts';
import { openAdminPorts } from '../kit/service/admin-ports.ts';
import { type Part, stopOnSignal } from '../kit/service/lifecycle.ts';
import { MONGO_OPTIONS } from '../kit/service/mongo-options.ts';
import { createLogger } from '../kit/telemetry/logger.ts';
import { createMetrics } from '../kit/telemetry/metrics.ts';
import { lookupIndexes } from './api/lookups.ts';
import { boundedContextController } from './bounded-context/controller.ts';
import { podsIn } from './cell/children/server-peers.ts';
import { cellController } from './cell/controller.ts';
import { clusterPullSecrets } from './cell/pull-secrets.ts';
import { openServers, type Servers } from './cell/servers.ts';
import { type OperatorConfig, readOperatorConfig } from './config.ts';
import { fencedClient } from './engine/fenced-client.ts';
import { httpsClient } from './engine/https-client.ts';
import type { KubeClient } from './engine/kube-client.ts';
import { runAsLeader } from './engine/lease.ts';
import type { Leadership } from './engine/lease-term.ts';
import { type AnyController, type Lead, runOperator } from './engine/run-operator.ts';
import { PLATFORM_CONSUMER, platformInMap } from './events/context.ts';
import { mongoFacts } from './events/facts.ts';
import { platformOperations } from './events/inbox.ts';
import { mongoNews, type News, type NewsBell } from './events/news.ts';
import { type RunningEvents, startEvents } from './events/start.ts';
import { rememberingFacts, type ToldFacts } from './events/told-facts.ts';
import { keepLandscapeMap } from './landscape/keep-map.ts';
import { planController } from './plan/controller.ts';
import { platformContexts } from './platform-context/platform-contexts.ts';
import { subscriptionController } from './subscription/controller.ts';
import { tenantController } from './tenant/controller.ts';

/** What the bench has otherwise. */
export type RunOptions = {
  /** Where users of databases and queues are made; MongoDB and Redis themselves when absent. */
  readonly open?: typeof openServers;
  /** Parents per controller that are worked on at once. */
  readonly workers?: number;
};

/** Runs the operator as this process, leader or standby, until SIGTERM. */
export const run = async ({ open = openServers, workers }: RunOptions = {}): Promise<void> => {
  const config = readOperatorConfig(process.env);
  const logger = createLogger({ context: 'operator', level: config.LOG_LEVEL });
  const parts: Part[] = [];
  stopOnSignal(parts, logger);
  const metrics = createMetrics({ context: 'operator', defaults: true });
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  const client = httpsClient({ kubeConfig, registry: metrics });
  const mongo = new MongoClient(config.MONGODB_URI, MONGO_OPTIONS);
  const servers = open({ mongodbUri: config.MONGODB_URI, redisUrl: config.REDIS_URL }, logger);
  parts.push({
    name: 'MongoDB and Redis',
    stop: async () => void (await Promise.all([mongo.close(), servers.close()])),
  });

  const fence = leadershipFence(client);
  const stopping = new AbortController();
  const db = mongo.db(PLATFORM_CONSUMER);
  const facts = rememberingFacts(mongoFacts(mongo, db));
  const deps = { config, logger, kube: fence.client, mongo, db, facts, news: mongoNews(mongo, db), servers };
  const queue: Queue = { stalledMs: async () => 0 };
  const operator = runOperator({
    client: fence.client,
    controllers: controllersOf(deps),
    logger,
    signal: stopping.signal,
    registry: metrics,
    ...(workers !== undefined && { workers }),
    reflect: (resource) => ({ indexes: lookupIndexes(resource) }),
    lead: leadWith(deps, { client, fence, queue }),
    beside: (world, signal) =>
      keepLandscapeMap({
        client: fence.client,
        world,
        namespace: config.OPERATOR_NAMESPACE,
        name: config.LANDSCAPE_MAP,
        platform: [platformInMap],
        logger,
        signal,
      }),
  });
  const stop = async () => {
    stopping.abort();
    await operator.ended;
  };
  parts.push({ name: 'controllers', stop });
  const { health } = operator;
  const admin: AdminOptions = {
    live: async () => ((await queue.stalledMs()) > HANGING_MS ? 'the queue does not move' : health.live()),
    ready: async () => health.ready(),
    metrics,
    operations: platformOperations({ client: mongo, db, logger, signal: stopping.signal }),
  };
  parts.push(...(await openAdminPorts(admin, config)));
  await operator.ended;
};

type Deps = {
  readonly config: OperatorConfig;
  readonly logger: Logger;
  readonly kube: KubeClient;
  readonly mongo: MongoClient;
  /** The operator's own. */
  readonly db: Db;
  readonly facts: ToldFacts;
  /** One for controllers and inbox: it also rings when there is something new. */
  readonly news: News & NewsBell;
  readonly servers: Servers;
};

const controllersOf = ({ config, kube, mongo, facts, news, servers }: Deps): readonly AnyController[] => {
  const cellOptions = {
    operatorNamespace: config.OPERATOR_NAMESPACE,
    mongodbUri: config.MONGODB_URI,
    redisUrl: config.REDIS_URL,
    progressDeadlineSeconds: config.PROGRESS_DEADLINE_SECONDS,
    ...(config.METRICS_NAMESPACE !== '' && { network: { metrics: [podsIn(config.METRICS_NAMESPACE)] } }),
    pullSecrets: clusterPullSecrets({
      kube,
      namespace: config.OPERATOR_NAMESPACE,
      names: config.IMAGE_PULL_SECRETS,
    }),
  };
  return [
    boundedContextController(
      platformContexts({ ...cellOptions, landscapeMap: config.LANDSCAPE_MAP }, servers),
    ),
    planController({ facts }),
    tenantController({ kube, mongo, facts }),
    subscriptionController({ kube, facts, news }),
    cellController(cellOptions, servers),
  ];
};

type Fence = { readonly client: KubeClient; lead(leadership: Leadership): void };

/** Writes pass only while the leadership of the moment lasts. */
const leadershipFence = (client: KubeClient): Fence => {
  let fenced: KubeClient | undefined;
  return {
    client: { ...client, request: (request) => (fenced ?? client).request(request) },
    lead: (leadership) => {
      fenced = fencedClient(client, leadership);
    },
  };
};

const STOP_EVENTS_MS = 12_000;
/** A queue that has not moved for this long while batches wait hangs; the process is to be restarted. */
const HANGING_MS = 60_000;

/** The operator's own, which moves while it leads. */
type Queue = { stalledMs: RunningEvents['stalledMs'] };

/** The leader alone runs the controllers, and the inbox whose news wakes them. */
const leadWith =
  (
    { config, logger, mongo, db, facts, news }: Deps,
    { client, fence, queue }: { client: KubeClient; fence: Fence; queue: Queue },
  ): Lead =>
  (run, signal) =>
    runAsLeader({
      client,
      key: `${config.OPERATOR_NAMESPACE}/${config.OPERATOR_LEASE}`,
      signal,
      logger,
      lead: async (_, stop, leadership) => {
        fence.lead(leadership);
        facts.forget();
        const events = startEvents({
          client: mongo,
          db,
          redisUrl: config.REDIS_URL,
          logger,
          news,
        });
        const leading = events.then((one) => {
          queue.stalledMs = one.stalledMs;
        });
        leading.catch((error: unknown) => logger.error({ error }, 'the inbox of the operator does not run'));
        try {
          await run(stop);
        } finally {
          queue.stalledMs = async () => 0;
          await Promise.race([
            events.then((one) => one.stop()),
            delay(STOP_EVENTS_MS, undefined, { ref: false }),
          ]);
        }
      },
    });
