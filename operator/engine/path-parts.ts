/** What a path of the API server names. */
export type PathParts = {
  /** `deployments.apps`, `configmaps`; for what is no resource the first segment: `readyz`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  /** `status`, `token`, `eviction` … */
  readonly subresource?: string;
};

/** Of the namespace itself, not of a resource within it. */
const ofNamespaces = new Set(['status', 'finalize']);

const isWithinNamespace = ([first, , third]: readonly string[]): boolean =>
  first === 'namespaces' && third !== undefined && !ofNamespaces.has(third);

const named = (
  group: string,
  [plural = '', name, subresource]: readonly string[],
): Pick<PathParts, 'resource' | 'name' | 'subresource'> => ({
  resource: group === '' ? plural : `${plural}.${group}`,
  ...(name !== undefined && { name }),
  ...(subresource !== undefined && { subresource }),
});

/** The inverse of resource.ts's paths. */
export const pathParts = (path: string): PathParts => {
  const [root = '', ...segments] = path.split('/').filter(Boolean).map(decodeURIComponent);
  if (root !== 'api' && root !== 'apis') return { resource: root };
  const [group = '', ...rest] =
    root === 'apis' ? [segments[0], ...segments.slice(2)] : ['', ...segments.slice(1)];
  if (!isWithinNamespace(rest)) return named(group, rest);
  return { ...named(group, rest.slice(2)), ...(rest[1] !== undefined && { namespace: rest[1] }) };
};
