import type { ObjectMeta } from '../engine/kube-object.ts';

/** Of every context's pod. The API port alone has a Service. */
export const API_PORT = 8080;
export const ADMIN_PORT = 9090;
export const METRICS_PORT = 9091;

/** The cell of contexts that run once for the landscape, in the operator's namespace. */
export const PLATFORM_CELL = 'platform';

export const CELL_LABEL = 'cadastre.dev/cell';
export const CONTEXT_LABEL = 'cadastre.dev/context';
/** On pods or namespaces that may call every API of a cell. */
export const FRONT_DOOR_LABEL = 'cadastre.dev/front-door';
/** On pods that mount the landscape's map, to be woken when it changes: the name of its ConfigMap. */
export const READS_LABEL = 'cadastre.dev/reads';

/** A Deployment remembers what it runs, what ran well before, and what was taken back, in the same write. */
export const RELEASE = 'cadastre.dev/release';
export const RELEASE_BEFORE = 'cadastre.dev/release-before';
export const REFUSED_RELEASE = 'cadastre.dev/refused-release';
/**
 * On a Service: the last release that became ready behind it. Not on the Deployment, which any change of metadata makes a
 * new generation of: until that is observed, nobody knows whether its pods are ready.
 */
export const PROVEN_RELEASE = 'cadastre.dev/proven-release';
/** On pods, so that new credentials restart them. */
export const SECRET_HASH = 'cadastre.dev/secret-hash';
/** On a Secret: the `rotateSecretsAt` for which its passwords were made. */
export const ROTATED_AT = 'cadastre.dev/rotated-at';

export const SERVICE_ACCOUNT = 'contexts';
export const MAP_CONFIG = 'context-map';
export const MAP_FILE = 'map.json';

/** What tells a context's pods from all others, in selectors: it never changes. */
export const podSelectorOf = (cell: string, context: string): Record<string, string> => ({
  [CELL_LABEL]: cell,
  [CONTEXT_LABEL]: context,
});

/** Where a context's API is reached within the cluster. */
export const endpointOf = (namespace: string, context: string): string =>
  `http://${context}.${namespace}.svc`;

type Meta = Pick<ObjectMeta, 'name' | 'namespace' | 'labels' | 'annotations'>;

/** The metadata of a child; the engine adds its owner. */
export const ours = ({ labels, ...meta }: Meta): Meta => ({
  ...meta,
  labels: { 'app.kubernetes.io/managed-by': 'cadastre', 'app.kubernetes.io/part-of': 'cadastre', ...labels },
});
