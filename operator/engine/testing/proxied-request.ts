import type { IncomingMessage } from 'node:http';
import type { ObjectKey } from '../kube-object.ts';
import { type PathParts, pathParts } from '../path-parts.ts';

export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'apply'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  | 'other';

export type ProxiedRequest = {
  readonly verb: Verb;
  /** `deployments.apps`, `configmaps`, `readyz`. */
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  /** Where the path names an object. */
  readonly key: ObjectKey | undefined;
  readonly isWrite: boolean;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
};

const patchVerb = (contentType: string | undefined): Verb =>
  contentType === 'application/apply-patch+yaml' ? 'apply' : 'patch';

const verbs: Readonly<Record<string, readonly [ofOne: Verb, ofAll: Verb]>> = {
  GET: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  DELETE: ['delete', 'deletecollection'],
};

const isTrue = (value: string | null): boolean => value === 'true' || value === '1';

const verbOf = (
  { method = 'GET', headers }: IncomingMessage,
  { query, name }: { query: URLSearchParams; name?: string | undefined },
): Verb => {
  if (method === 'GET' && isTrue(query.get('watch'))) return 'watch';
  const [ofOne, ofAll] = verbs[method] ?? [patchVerb(headers['content-type']), 'other'];
  return name === undefined ? ofAll : ofOne;
};

const keyFrom = ({ namespace, name }: PathParts): ObjectKey | undefined =>
  namespace === undefined || name === undefined ? name : `${namespace}/${name}`;

export const proxiedRequest = (incoming: IncomingMessage): ProxiedRequest => {
  const { pathname, searchParams: query } = new URL(incoming.url ?? '/', 'http://proxy');
  const parts = pathParts(pathname);
  const isResource = /^\/apis?\//.test(pathname);
  return {
    verb: isResource ? verbOf(incoming, { query, name: parts.name }) : 'other',
    resource: parts.resource,
    subresource: parts.subresource,
    namespace: parts.namespace,
    key: keyFrom(parts),
    isWrite: isResource && incoming.method !== 'GET' && query.get('dryRun') === null,
    query,
    headers: incoming.headers,
  };
};
