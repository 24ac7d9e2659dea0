import type { CellOptions } from '../cell/options.ts';
import type { Replicas } from '../cell/replicas.ts';

/** `operatorNamespace` is where platform contexts run. */
export type PlatformOptions = CellOptions & {
  /** The ConfigMap there with the map of the whole landscape, which they read as the relay does. */
  readonly landscapeMap: string;
  /** Of each; no plan says it, since they serve all tenants. 2 to 6 when absent. */
  readonly replicas?: Replicas;
};
