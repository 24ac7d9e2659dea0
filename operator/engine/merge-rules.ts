// How server-side apply merges lists and maps of the built-in kinds, as far as it matters for telling whether a field is
// still as it was applied. https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy

/** Steps from the top of an object; elements of lists are in brackets. */
export type Path = readonly string[];

const CONTAINERS = ['containers', 'initContainers'];

/** Lists whose elements have an identity, so that others may add elements of their own, by the end of their path. */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['metadata.ownerReferences', ['uid']],
  ['spec.imagePullSecrets', ['name']],
  ['spec.hostAliases', ['ip']],
  ['spec.ports', ['port', 'protocol']],
  ['spec.topologySpreadConstraints', ['topologyKey', 'whenUnsatisfiable']],
  ['spec.volumes', ['name']],
  ...CONTAINERS.flatMap((containers): [string, readonly string[]][] => [
    [`spec.${containers}`, ['name']],
    [`${containers}.ports`, ['containerPort', 'protocol']],
    [`${containers}.env`, ['name']],
    [`${containers}.volumeMounts`, ['mountPath']],
    [`${containers}.volumeDevices`, ['devicePath']],
  ]),
]);

/** A port is a TCP port unless it says otherwise. */
const DEFAULT_OF_KEY: Readonly<Record<string, string>> = { protocol: 'TCP' };

const WHOLE_MAPS: ReadonlySet<string> = new Set([
  'labelSelector',
  'namespaceSelector',
  'nodeSelector',
  'podSelector',
  'selector',
]);

const QUANTITIES: ReadonlySet<string> = new Set([
  'averageValue',
  'capacity',
  'default',
  'defaultRequest',
  'hard',
  'limits',
  'max',
  'maxLimitRequestRatio',
  'min',
  'overhead',
  'requests',
  'sizeLimit',
]);

const isElement = (step: string): boolean => step.startsWith('[');

const endOf = (path: Path): string =>
  path
    .filter((step) => !isElement(step))
    .slice(-2)
    .join('.');

/**
 * Names the element of a list: by its keys where the list is merged by them.
 * @returns undefined when the list at this path is one value, which whoever applies it owns as a whole.
 */
export const identityIn = (path: Path): ((element: unknown) => string) | undefined => {
  const end = endOf(path);
  if (end === 'metadata.finalizers') return (element) => `[${element}]`;
  const keys = KEYS.get(end);
  if (keys === undefined) return undefined;
  return (element) => {
    const fields = (element ?? {}) as Readonly<Record<string, unknown>>;
    return `[${keys.map((key) => fields[key] ?? DEFAULT_OF_KEY[key] ?? '').join('/')}]`;
  };
};

/** Whether the map at this path is one value, such as a selector. */
export const isWholeMap = (path: Path): boolean => WHOLE_MAPS.has(path.at(-1) ?? '');

/** Whether the values at this path are amounts, such as those below `limits`; labels and data never are. */
export const isQuantityAt = (path: Path): boolean =>
  path[0] === 'spec' && path.some((step) => QUANTITIES.has(step));
