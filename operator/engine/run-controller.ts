import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { asDesired } from './as-desired.ts';
import type { Controller } from './controller.ts';
import type { EventRecorder } from './event-recorder.ts';
import { deservesCondition } from './failure.ts';
import type { KubeClient } from './kube-client.ts';
import { type KubeObject, keyOf, type ObjectKey } from './kube-object.ts';
import type { LiveWorld } from './live-world.ts';
import { type OwnWrites, ownWrites } from './own-writes.ts';
import { reconcile } from './reconcile.ts';
import { reconcileMetrics } from './reconcile-metrics.ts';
import { reportFailure } from './report.ts';
import type { Round, Running } from './round.ts';
import { serverForms } from './server-forms.ts';
import { wakeUp } from './wake-up.ts';
import { type QueueState, type WorkQueue, workQueue } from './work-queue.ts';
import { statusWriter } from './write-status.ts';

export type RunControllerOptions = {
  readonly client: KubeClient;
  /** With a cache of the parent and of every resource that is a child or watched; children indexed by `ownerIndex`. */
  readonly world: LiveWorld;
  readonly recorder: EventRecorder;
  readonly logger: Logger;
  /** Ends the controller; requests that are under way are cut off. */
  readonly signal: AbortSignal;
  readonly registry?: Registry;
  /** Parents that are worked on at once; 4 when absent. */
  readonly workers?: number;
};

/** A controller that was started. */
export type RunningController = {
  readonly name: string;
  queue(): QueueState;
  /** Resolves after the signal, when nothing is under way any more. */
  readonly ended: Promise<void>;
};

const WORKERS = 4;
/** When a cache has not shown what was written, the next look at the parent does not wait for an event. */
const LOOK_AGAIN_MS = 5_000;

type Loop<P extends KubeObject, O, E> = Running<P, O, E> & {
  readonly queue: WorkQueue;
  readonly writes: OwnWrites;
  readonly logger: Logger;
  readonly registry: Registry;
};

/**
 * Runs a controller as the comment of its type says, until the signal.
 *
 * Guarantee: no parent is reconciled before all caches are complete, nor by two workers at once; each is reconciled after
 * it, a child of it or something that concerns it changed, and again with growing pauses as long as that fails. One that
 * follows another begins when the caches have seen what that wrote, or after five seconds.
 */
export const runController = <P extends KubeObject, O, E>(
  controller: Controller<P, O, E>,
  options: RunControllerOptions,
): RunningController => {
  const { client, world, signal, workers = WORKERS, registry = new Registry() } = options;
  const logger = options.logger.child({ controller: controller.name });
  const labels = { controller: controller.name };
  const metrics = reconcileMetrics(registry);
  const queue = workQueue({
    workers,
    work: (key) => work(loop, key),
    hooks: {
      taken: (ms) => metrics.waited.observe(labels, ms / 1_000),
      retried: () => metrics.retries.inc(labels),
    },
  });
  const loop: Loop<P, O, E> = {
    controller,
    client,
    world,
    recorder: options.recorder,
    status: statusWriter({ client, resource: controller.parent, signal }),
    forms: serverForms(),
    asDesired: asDesired(),
    signal,
    queue,
    writes: ownWrites(world, [controller.parent, ...controller.children]),
    logger,
    registry,
  };
  metrics.queues.set(controller.name, queue.state);
  const ended = untilStopped(loop).finally(() => metrics.queues.delete(controller.name));
  return { name: controller.name, queue: queue.state, ended };
};

const untilStopped = async <P extends KubeObject, O, E>(loop: Loop<P, O, E>): Promise<void> => {
  const { controller, world, queue, writes, signal, logger } = loop;
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const resources = [
    controller.parent,
    ...controller.children,
    ...(controller.watches ?? []).map(({ resource }) => resource),
  ];
  const synced = Promise.all(resources.map((resource) => world.cache(resource).synced));
  await Promise.race([synced, stopped]).catch(() => undefined);
  // Listening begins with all that is there: every parent is looked at once.
  const sleep = signal.aborted ? () => undefined : wakeUp(controller, world, queue.add);
  if (!signal.aborted) {
    logger.info('the caches are complete; the controller runs');
    queue.start();
  }
  await stopped;
  sleep();
  writes.close();
  await queue.stop();
};

const work = async <P extends KubeObject, O, E>(loop: Loop<P, O, E>, key: ObjectKey): Promise<void> => {
  const parent = loop.world.cache<P>(loop.controller.parent).get(key);
  if (parent === undefined) {
    loop.status.forget(key);
    return loop.queue.forget(key);
  }
  const stopTimer = reconcileMetrics(loop.registry).seconds.startTimer({ controller: loop.controller.name });
  const round: Round<P, O, E> = { ...loop, parent, written: [] };
  try {
    const { requeueAfterSeconds } = await reconcile(round);
    loop.queue.forget(key);
    if (requeueAfterSeconds !== undefined) loop.queue.addAfter(key, requeueAfterSeconds * 1_000);
    stopTimer({ outcome: 'done' });
  } catch (error) {
    if (loop.signal.aborted) return;
    const isShown = await fail(loop, round, error);
    stopTimer({ outcome: isShown ? 'failed' : 'retried' });
  }
  if (!(await loop.writes.seen(round.written))) loop.queue.addAfter(key, LOOK_AGAIN_MS);
};

/** @returns whether people are told. */
const fail = async <P extends KubeObject, O, E>(
  { queue, logger }: Loop<P, O, E>,
  round: Round<P, O, E>,
  error: unknown,
): Promise<boolean> => {
  const key = keyOf(round.parent);
  const failures = queue.addFailed(key);
  const isShown = deservesCondition(error, failures);
  logger[isShown ? 'warn' : 'debug'](
    { object: key, failures, error },
    'a reconciliation failed; it is tried again',
  );
  if (!isShown) return false;
  await reportFailure(round, error).catch((cause: unknown) =>
    logger.debug({ object: key, error: cause }, 'could not say so in the status'),
  );
  return true;
};
