import type { Cell } from '../../api/cell.ts';
import type { Desired } from '../../engine/controller.ts';
import type { KubeObject } from '../../engine/kube-object.ts';
import { type Access, accessOf, hashOf, newPassword, passwordsIn } from '../access.ts';
import { fingerprintOf } from '../accounts/accounts.ts';
import { desiredWith } from '../desired.ts';
import type { CellEffect } from '../effects.ts';
import type { CellTenant } from '../facts.ts';
import type { Observed } from '../observe.ts';
import type { CellOptions } from '../options.ts';
import type { Release, ReleaseUpstream } from '../release.ts';
import type { Candidate } from '../rollout.ts';
import type { Running } from '../running.ts';
import type { statusOf } from '../status.ts';

export const OPTIONS: CellOptions = {
  operatorNamespace: 'cadastre',
  mongodbUri: 'mongodb://root:root@cadastre-mongodb.cadastre.svc:27017/?replicaSet=rs0',
  redisUrl: 'redis://default:root@cadastre-redis.cadastre.svc:6379',
};

/** `aRelease('ordering:2')` */
export const aRelease = (image: string, overrides: Partial<Release> = {}): Release => ({
  version: '1.0.0',
  image,
  resources: { cpu: '50m', memory: '192Mi' },
  upstreams: [],
  ...overrides,
});

/** `anUpstream('ordering', { consumes: ['order-placed'] })` */
export const anUpstream = (
  context: string,
  { consumes = [], ...overrides }: Partial<Omit<ReleaseUpstream, 'consumes'>> & { consumes?: string[] } = {},
): ReleaseUpstream => ({
  context,
  via: 'events',
  start: 'retained',
  consumes: consumes.map((name) => ({ type: `${context}.${name}.v1`, kind: 'order' })),
  ...overrides,
});

const passwords = { mongodb: newPassword(), redis: newPassword() };

/** The same every time, but for the rotation. */
export const anAccess = (name: string, rotation = ''): Access => ({
  ...accessOf(OPTIONS, name, rotation === '' ? passwords : { mongodb: newPassword(), redis: newPassword() }),
  rotation,
});

/** A context that is wanted and not there yet. */
export const aNewContext = (name: string, overrides: Partial<Candidate> = {}): Candidate => ({
  name,
  wanted: aRelease(`${name}:1`),
  running: undefined,
  stored: undefined,
  fresh: anAccess(`acme-${name}`),
  isAwake: true,
  noted: undefined,
  ...overrides,
});

/** A context whose one pod runs well, as wanted unless it says otherwise. */
export const aRunningContext = (
  name: string,
  { running, ...overrides }: Partial<Omit<Candidate, 'running'>> & { running?: Partial<Running> } = {},
): Candidate => {
  const stored = overrides.stored ?? anAccess(`acme-${name}`);
  const release = running?.release ?? overrides.wanted ?? aRelease(`${name}:1`);
  return aNewContext(name, {
    wanted: release,
    stored,
    fresh: stored,
    running: {
      release,
      good: release,
      before: undefined,
      refused: undefined,
      secretHash: hashOf(stored),
      replicas: 1,
      available: 1,
      isUpToDate: true,
      hasFailed: false,
      ...running,
    },
    ...overrides,
  });
};

/** Pods of the new version are being started beside those of the one before. */
export const STARTING: Partial<Running> = { isUpToDate: false };
/** They had their time. */
export const FAILED: Partial<Running> = { isUpToDate: false, hasFailed: true };
/** Not one pod serves. */
export const DOWN: Partial<Running> = { isUpToDate: false, available: 0 };

export const aCellTenant = (overrides: Partial<CellTenant> = {}): CellTenant => {
  const contexts = overrides.contexts ?? ['catalog', 'ordering', 'shipping'];
  return {
    name: 'acme',
    id: 'acme-12345678',
    contexts,
    awake: contexts,
    quotas: [],
    isLeaving: false,
    deletionPolicy: 'Delete',
    ...overrides,
  };
};

/** One tenant, and whatever its contexts need in MongoDB and Redis. */
export const observing = (candidates: readonly Candidate[], overrides: Partial<Observed> = {}): Observed => ({
  tenants: [aCellTenant({ contexts: candidates.map(({ name }) => name) })],
  landscape: { releases: new Map(), platform: new Set() },
  candidates,
  mongodb: { accounts: standing(candidates, 'mongodb') },
  redis: { accounts: standing(candidates, 'redis') },
  pullSecrets: [],
  ...overrides,
});

const standing = (candidates: readonly Candidate[], server: 'mongodb' | 'redis') =>
  new Map(
    candidates.flatMap(({ name, stored }) => {
      const password = stored && passwordsIn(stored)?.[server];
      const account = `acme-${name}`;
      return password ? [[account, fingerprintOf({ name: account, password })] as const] : [];
    }),
  );

export type Shown = Omit<Desired<CellEffect>, 'status'> & {
  readonly status: ReturnType<typeof statusOf>;
  /** `shown.child('Deployment', 'ordering')` */
  // biome-ignore lint/suspicious/noExplicitAny: specs look into objects of many kinds
  child(kind: string, name: string): any;
  /** `Deployment ordering` */
  readonly names: readonly string[];
  readonly ready: string;
  readonly message: string;
  /** What each context runs, by name. */
  readonly images: Readonly<Record<string, string>>;
};

type Workload = KubeObject & {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { image: string }[] } };
  };
};

export const desired = (cell: Cell, observed: Observed, options: CellOptions = OPTIONS): Shown => {
  const answer = desiredWith(options)(cell, observed);
  const [condition] = answer.conditions;
  const deployments = answer.children.filter(({ kind }) => kind === 'Deployment') as Workload[];
  return {
    ...answer,
    status: answer.status as Shown['status'],
    child: (kind, name) => answer.children.find((one) => one.kind === kind && one.metadata.name === name),
    names: answer.children.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ready: `${condition?.status} ${condition?.reason}`,
    message: condition?.message ?? '',
    images: Object.fromEntries(
      deployments.map(({ metadata, spec }) => [metadata.name, spec.template.spec.containers[0]?.image ?? '']),
    ),
  };
};
