import { randomUUID } from 'node:crypto';
import { isNotFound } from './api-error.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeObject } from './kube-object.ts';
import { apiVersionOf, type Resource } from './resource.ts';
import { createObject, mergePatch } from './verbs.ts';

export type Happening = {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, as a condition's. */
  readonly reason: string;
  readonly message: string;
};

/**
 * Tells people what happens to an object, as Kubernetes events.
 *
 * Guarantee: what happens again is counted on the event that is there, not told anew. Nobody waits for it, and nothing
 * fails because of it: what cannot be told is lost.
 */
export interface EventRecorder {
  record(resource: Resource, object: KubeObject, happening: Happening): void;
  /** Resolves when all that was recorded is told or lost. */
  flush(): Promise<void>;
}

export type EventRecorderOptions = {
  readonly client: KubeClient;
  /** The program: `cadastre.dev/operator`. */
  readonly controller: string;
  /** The process: its pod. */
  readonly instance: string;
  readonly onLost?: (error: unknown) => void;
};

export const EVENTS: Resource = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};

/** Those of objects without a namespace are there, as all programs have it. */
const NAMESPACE = 'default';
/** The API server's own limit. */
const LONGEST_NOTE = 1_024;
const LONGEST_NAME = 200;
/** Events that are remembered for counting, and events that may wait to be told. */
const MEMORY = 1_000;
const BACKLOG = 200;
/** What is not told by then is not worth the wait of those behind it. */
const TIMEOUT_MS = 5_000;

type Told = { readonly key: string; count: number };
type Telling = { readonly resource: Resource; readonly object: KubeObject; readonly happening: Happening };

export const eventRecorder = (options: EventRecorderOptions): EventRecorder => {
  const told = new Map<string, Told>();
  let backlog = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    record: (resource, object, happening) => {
      if (backlog >= BACKLOG) return options.onLost?.(new Error('too many events wait to be told'));
      backlog += 1;
      last = last
        .then(() => tell(options, told, { resource, object, happening }))
        .catch((error: unknown) => options.onLost?.(error))
        .finally(() => {
          backlog -= 1;
        });
    },
    flush: () => last,
  };
};

const tell = async (
  options: EventRecorderOptions,
  told: Map<string, Told>,
  telling: Telling,
): Promise<void> => {
  const { object, happening } = telling;
  const what = [object.metadata.uid, happening.type, happening.reason, happening.message].join('\n');
  const before = told.get(what);
  told.delete(what);
  const again = before && (await count(options, before));
  told.set(what, again ?? (await create(options, telling)));
  for (const oldest of told.keys()) if (told.size > MEMORY) told.delete(oldest);
};

/** MicroTime. */
const now = (): string => new Date().toISOString().replace('Z', '000Z');

/** @returns undefined when the event is gone: the API server keeps them for an hour. */
const count = async ({ client }: EventRecorderOptions, { key, count }: Told): Promise<Told | undefined> => {
  const series = { count: count + 1, lastObservedTime: now() };
  return await mergePatch(client, { resource: EVENTS, key, patch: { series }, timeoutMs: TIMEOUT_MS }).then(
    () => ({ key, count: count + 1 }),
    (error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    },
  );
};

const create = async (
  { client, controller, instance }: EventRecorderOptions,
  { resource, object, happening }: Telling,
): Promise<Told> => {
  const { name: of, namespace = NAMESPACE, uid } = object.metadata;
  const name = `${of.slice(0, LONGEST_NAME)}.${randomUUID().slice(-12)}`;
  const event = {
    apiVersion: apiVersionOf(EVENTS),
    kind: EVENTS.kind,
    metadata: { name, namespace },
    eventTime: now(),
    reportingController: controller,
    reportingInstance: instance,
    action: 'Reconcile',
    type: happening.type,
    reason: happening.reason,
    note: happening.message.slice(0, LONGEST_NOTE),
    regarding: {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      name: of,
      uid,
      ...(object.metadata.namespace !== undefined && { namespace }),
    },
  };
  await createObject(client, { resource: EVENTS, object: event, timeoutMs: TIMEOUT_MS });
  return { key: `${namespace}/${name}`, count: 1 };
};
