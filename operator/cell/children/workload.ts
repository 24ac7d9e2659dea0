import type { Replicas } from '../replicas.ts';
import type { Placed } from '../rollout.ts';

/** One context's deployment, in a cell or, for the platform's contexts, in the operator's namespace. */
export type Workload = Placed & {
  /** The cell's name; `platform` for those of the platform. */
  readonly cell: string;
  readonly namespace: string;
  /** Names of the ServiceAccount that it runs as, and of the ConfigMap with the map that it reads. */
  readonly serviceAccount: string;
  readonly mapConfig: string;
  readonly replicas: Replicas;
  readonly progressDeadlineSeconds: number;
  readonly logLevel: string;
};
