import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import type { Cell } from '../../api/cell.ts';
import type { StatedCondition } from '../../engine/condition.ts';
import { type KubeObject, keyOf } from '../../engine/kube-object.ts';
import { type Access, accessIn, type StoredSecret } from '../access.ts';
import { cellController } from '../controller.ts';
import { type CellEffect, performOn } from '../effects.ts';
import { openServers } from '../servers.ts';
import { OPTIONS } from './given.ts';
import type { GuardedServers } from './guarded-servers.ts';
import { aWorld } from './world.ts';

type Overrides = { readonly objects: readonly KubeObject[]; readonly cell: Cell };

const logger = pino({ level: 'silent' });

/** A cell on real servers. The cluster is what was applied last, with every Deployment ready. */
export const aSite = (servers: GuardedServers, { objects, cell }: Overrides) => {
  const options = { ...OPTIONS, mongodbUri: servers.mongodbUri, redisUrl: servers.redisUrl };
  const opened = openServers(options, logger);
  let controller = cellController(options, opened);
  const cluster = new Map<string, KubeObject>();
  const nameOf = (one: KubeObject) => `${one.kind} ${keyOf(one)}`;
  let parent = cell;
  let known = objects;
  const observe = () => controller.observe(parent, aWorld([...known, ...cluster.values()]));
  const performAll = async (effects: readonly CellEffect[] = []): Promise<void> => {
    for (const effect of effects) await performOn(opened)(effect);
  };
  const site = {
    /** Effects and what they were for, but nothing is applied: as if the operator was killed then. */
    perform: async () => {
      const desired = controller.desired(parent, await observe());
      await performAll(desired.effects);
      return desired;
    },
    reconcile: async () => {
      const { children, status, conditions, effects = [] } = await site.perform();
      cluster.clear();
      for (const child of children) cluster.set(nameOf(child), asReady(child));
      parent = { ...parent, status: { conditions: [], ...status } };
      return { effects, ready: conditions[0] as StatedCondition };
    },
    finalize: async () => performAll(controller.finalizer?.finalize(parent, await observe()).effects),
    access: (context: string): Access | undefined =>
      accessIn(cluster.get(`Secret ${parent.spec.namespace}/${context}`) as StoredSecret | undefined),
    child: <T extends KubeObject>(kind: string, name: string): T | undefined =>
      cluster.get(`${kind} ${parent.spec.namespace}/${name}`) as T | undefined,
    remove: (kind: string, name: string) => cluster.delete(`${kind} ${parent.spec.namespace}/${name}`),
    change: (changed: Partial<Overrides>) => {
      parent = changed.cell === undefined ? parent : { ...changed.cell, ...statusOf(parent) };
      known = changed.objects ?? known;
    },
    /** Another process of the operator, which remembers nothing. */
    restart: () => {
      controller = cellController(options, opened);
    },
    close: () => opened.close(),
  };
  return site;
};

const statusOf = ({ status }: Cell) => (status === undefined ? {} : { status });

const asReady = (child: KubeObject): KubeObject =>
  child.kind === 'Deployment'
    ? ({
        ...child,
        metadata: { ...child.metadata, generation: 1 },
        status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
      } as KubeObject)
    : child;

/** Whom a server lets in, by the URIs that a Secret has. */
export const letsIn = async ({
  mongodbUri,
  redisUrl,
}: Access): Promise<{ mongodb: boolean; redis: boolean }> => {
  const mongodb = new MongoClient(mongodbUri, { serverSelectionTimeoutMS: 2_000 });
  const redis = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    const outcomes = await Promise.allSettled([
      mongodb.db().collection('any').insertOne({}),
      redis.connect().then(() => redis.get(`{${new URL(redisUrl).username}}`)),
    ]);
    const [inMongodb, inRedis] = outcomes.map(({ status }) => status === 'fulfilled');
    return { mongodb: inMongodb === true, redis: inRedis === true };
  } finally {
    redis.disconnect();
    await mongodb.close();
  }
};
