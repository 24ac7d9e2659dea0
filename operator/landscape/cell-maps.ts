import { type ContextMap, contextMapSchema } from '../../kit/context-map/context-map.ts';
import { MAP_CONFIG, MAP_FILE } from '../cell/names.ts';
import type { KubeObject } from '../engine/kube-object.ts';

export type ConfigMap = KubeObject & { readonly data?: Readonly<Record<string, string>> };

/**
 * Reads the maps of all cells, each once for as long as it stays as it is. One that somebody has broken counts as it was
 * until its cell puts it right: without it the relay would take its consumers for gone.
 */
export const cellMapsReader = (): ((objects: Iterable<ConfigMap>) => ContextMap[]) => {
  const known = new WeakMap<ConfigMap, ContextMap>();
  let before = new Map<string | undefined, ContextMap>();
  const read = (object: ConfigMap): ContextMap => {
    const map = known.get(object) ?? readable(object) ?? before.get(object.metadata.namespace);
    if (map === undefined)
      throw new Error(
        `cannot read the ConfigMap ${MAP_CONFIG} in ${object.metadata.namespace}; its cell puts it right`,
      );
    known.set(object, map);
    return map;
  };
  return (objects) => {
    const maps = [...objects]
      .filter(({ metadata }) => metadata.name === MAP_CONFIG && metadata.deletionTimestamp === undefined)
      .map((object) => [object.metadata.namespace, read(object)] as const);
    before = new Map(maps);
    return maps.map(([, map]) => map);
  };
};

const readable = ({ data }: ConfigMap): ContextMap | undefined => {
  try {
    return contextMapSchema.safeParse(JSON.parse(data?.[MAP_FILE] ?? 'null')).data;
  } catch {
    return undefined;
  }
};
