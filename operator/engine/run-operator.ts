import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Controller } from './controller.ts';
import { type EventRecorder, eventRecorder } from './event-recorder.ts';
import { fencedClient } from './fenced-client.ts';
import { type Health, healthOf } from './health.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeObject, ObjectKey } from './kube-object.ts';
import { type LeaseTiming, runAsLeader } from './lease.ts';
import { type LiveWorld, liveWorld } from './live-world.ts';
import { OWNER_INDEX, OWNER_LABEL, ownerIndex } from './ownership.ts';
import { pause } from './pause.ts';
import { type Reflector, type ReflectorOptions, startReflector } from './reflector.ts';
import { reflectorMetrics } from './reflector-metrics.ts';
import { nameOf, type Resource } from './resource.ts';
import { type RunningController, runController } from './run-controller.ts';

/** A controller whatever its types are. */
export type AnyController = Controller<KubeObject, unknown, unknown>;

/** Does the work until the signal aborts, writing by this client; that of the options when absent. */
export type RunOnce = (signal: AbortSignal, client?: KubeClient) => Promise<void>;

/** Runs the work while this process leads, with a signal that aborts when it does no more; again and again. */
export type Lead = (run: RunOnce, signal: AbortSignal) => Promise<void>;

export type OperatorOptions = {
  readonly client: KubeClient;
  readonly controllers: readonly AnyController[];
  readonly logger: Logger;
  /** Ends the operator. */
  readonly signal: AbortSignal;
  /** `<namespace>/<name>` of the Lease by which one of several processes leads; the only process needs none. */
  readonly lease?: { readonly key: ObjectKey; readonly timing?: LeaseTiming };
  /** In place of `lease`, where more begins and ends with the leadership. It sees to it that writes are fenced. */
  readonly lead?: Lead;
  /** More about how a resource is reflected: indexes that controllers ask for, fields that nobody reads. */
  readonly reflect?: (resource: Resource) => Pick<ReflectorOptions<KubeObject>, 'indexes' | 'strip'>;
  readonly registry?: Registry;
  /** More that is done while this process leads, from the same caches; settles soon after the signal. */
  readonly beside?: (world: LiveWorld, signal: AbortSignal) => Promise<void>;
  /** Per controller. */
  readonly workers?: number;
  /** As whom it tells of events: `cadastre.dev/operator`. */
  readonly program?: string;
  /** This process among others: its pod. */
  readonly instance?: string;
};

export type Operator = {
  readonly health: Health;
  /** Resolves after the signal, when controllers, lease and reflectors have ended, in this order. */
  readonly ended: Promise<void>;
};

type Ready = OperatorOptions & { readonly registry: Registry };

/** Runs controllers over one client, with one cache for each resource that any of them names. */
export const runOperator = (given: OperatorOptions): Operator => {
  const options: Ready = { ...given, registry: given.registry ?? new Registry() };
  const { controllers, registry } = options;
  const reflecting = new AbortController();
  const caches = resourcesOf(controllers).map((resource) => reflect(options, resource, reflecting.signal));
  let running: readonly RunningController[] = [];
  const world = liveWorld(caches);
  const run: RunOnce = async (leading, client = options.client) => {
    const recorder = recorderOf({ ...options, client });
    const failing = new AbortController();
    const signal = AbortSignal.any([leading, failing.signal]);
    running = controllers.map((controller) =>
      runController(controller, { ...options, client, world, recorder, signal }),
    );
    const works = [...running.map(({ ended }) => ended), options.beside?.(world, signal)];
    try {
      await Promise.all(works);
    } finally {
      // If one of them failed, the others are not to go on without it.
      failing.abort();
      await Promise.allSettled(works);
      running = [];
      await lastWords(recorder);
    }
  };
  const { lead = () => leadBy(options, run) } = options;
  const ended = lead(run, options.signal).finally(async () => {
    reflecting.abort();
    await Promise.all(caches.map((cache) => cache.ended));
  });
  const { observed } = reflectorMetrics(registry);
  const health = healthOf({
    controllers: () => running,
    caches,
    secondsSinceSign: (resource) => observed.get(nameOf(resource))?.secondsSinceSign(),
  });
  return { health, ended };
};

/** On a standby the caches are warm, so that a takeover begins at once. */
const leadBy = ({ client, lease, instance, signal, logger }: Ready, run: RunOnce): Promise<void> => {
  if (lease === undefined) return run(signal);
  return runAsLeader({
    ...lease,
    client,
    signal,
    logger,
    ...(instance !== undefined && { name: instance }),
    lead: (_, leading, leadership) => run(leading, fencedClient(client, leadership)),
  });
};

/** For events that are not told yet; who stops is not to wait for a busy API server. */
const LAST_WORDS_MS = 2_000;
const lastWords = async (recorder: EventRecorder): Promise<void> => {
  const told = new AbortController();
  const patience = pause(LAST_WORDS_MS, told.signal).catch(() => undefined);
  await Promise.race([recorder.flush(), patience]).finally(() => told.abort());
};

const recorderOf = ({ client, logger, program, instance }: Ready): EventRecorder =>
  eventRecorder({
    client,
    controller: program ?? 'cadastre.dev/operator',
    instance: instance ?? hostname(),
    onLost: (error) => logger.debug({ error }, 'an event could not be told'),
  });

const resourcesOf = (controllers: readonly AnyController[]): readonly Resource[] => {
  const named = controllers.flatMap(({ parent, children, watches = [] }) => [
    parent,
    ...children,
    ...watches.map(({ resource }) => resource),
  ]);
  return [...new Map(named.map((resource) => [nameOf(resource), resource])).values()];
};

const reflect = (options: Ready, resource: Resource, signal: AbortSignal): Reflector => {
  const { client, controllers, logger, registry } = options;
  const more = options.reflect?.(resource);
  return startReflector<KubeObject>({
    client,
    signal,
    resource,
    registry,
    logger,
    ...(isOnlyMade(resource, controllers) && { labelSelector: OWNER_LABEL }),
    ...more,
    indexes: { ...more?.indexes, [OWNER_INDEX]: ownerIndex },
  });
};

/**
 * Of what controllers only make they need what they made, not every Secret of the cluster. All namespaces are few, and
 * one that is not ours is then known before anything is made for it.
 */
const isOnlyMade = (resource: Resource, controllers: readonly AnyController[]): boolean => {
  const name = nameOf(resource);
  const isRead = controllers.some(
    ({ parent, watches = [] }) =>
      nameOf(parent) === name || watches.some((one) => nameOf(one.resource) === name),
  );
  return !isRead && name !== 'namespaces';
};
