import { createHash, randomBytes } from 'node:crypto';
import type { KubeObject } from '../engine/kube-object.ts';
import { ROTATED_AT } from './names.ts';

/** How a context reaches its database and its queue, and for which wish to rotate that was made. */
export type Access = {
  readonly mongodbUri: string;
  readonly redisUrl: string;
  /** The cell's `rotateSecretsAt`; empty when it has none. */
  readonly rotation: string;
};

export type Passwords = { readonly mongodb: string; readonly redis: string };

/** 32 random bytes, base64url: fits into a URI as it is, and its SHA-256 gives nothing away. */
export const newPassword = (): string => randomBytes(32).toString('base64url');

type Servers = { readonly mongodbUri: string; readonly redisUrl: string };

/** The operator's own addresses with a context's user, which lives in the database that it may reach. */
export const accessOf = (servers: Servers, name: string, passwords: Passwords): Omit<Access, 'rotation'> => ({
  mongodbUri: mongodbUriFor(servers.mongodbUri, name, passwords.mongodb),
  redisUrl: redisUrlFor(servers.redisUrl, name, passwords.redis),
});

/** A URI may name several hosts, which `URL` does not read. */
const MONGODB_URI = /^(mongodb(?:\+srv)?:\/\/)(?:[^@/]*@)?([^/?]+)(?:\/[^?]*)?(?:\?(.*))?$/;

const mongodbUriFor = (operators: string, name: string, password: string): string => {
  const [, scheme, hosts, query] = MONGODB_URI.exec(operators) ?? [];
  if (scheme === undefined || hosts === undefined)
    throw new Error('cannot read the operator’s MongoDB URI; write mongodb://user:password@host:port/');
  const parameters = new URLSearchParams(query);
  for (const key of ['authSource', 'authMechanism']) parameters.delete(key);
  parameters.set('authSource', name);
  return `${scheme}${name}:${password}@${hosts}/${name}?${parameters}`;
};

const redisUrlFor = (operators: string, name: string, password: string): string => {
  const url = new URL(operators);
  url.username = name;
  url.password = password;
  return url.href;
};

const passwordIn = (uri: string): string | undefined => /\/\/[^:@/]+:([\w-]{43})@/.exec(uri)?.[1];

/** Undefined when a URI has none, or one that is not ours: then new ones are due. */
export const passwordsIn = ({ mongodbUri, redisUrl }: Access): Passwords | undefined => {
  const [mongodb, redis] = [passwordIn(mongodbUri), passwordIn(redisUrl)];
  return mongodb !== undefined && redis !== undefined ? { mongodb, redis } : undefined;
};

export const isSameAccess = (one: Access, other: Access): boolean =>
  one.mongodbUri === other.mongodbUri && one.redisUrl === other.redisUrl && one.rotation === other.rotation;

/** Changes with anything that pods read from the Secret. */
export const hashOf = ({ mongodbUri, redisUrl }: Access): string =>
  createHash('sha256').update(`${mongodbUri} ${redisUrl}`).digest('hex').slice(0, 32);

export type StoredSecret = KubeObject & { readonly data?: Readonly<Record<string, string>> };

export const encoded = (text: string): string => Buffer.from(text).toString('base64');
const decoded = (text: string): string => Buffer.from(text, 'base64').toString();

/** Undefined when there is no such Secret, or not all of it. */
export const accessIn = (secret: StoredSecret | undefined): Access | undefined => {
  const { MONGODB_URI: mongodb, REDIS_URL: redis } = secret?.data ?? {};
  if (mongodb === undefined || redis === undefined) return undefined;
  const rotation = secret?.metadata.annotations?.[ROTATED_AT] ?? '';
  return { mongodbUri: decoded(mongodb), redisUrl: decoded(redis), rotation };
};
