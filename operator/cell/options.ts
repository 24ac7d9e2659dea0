import type { PullSecrets } from './pull-secrets.ts';

/** Pods of a network policy: those of namespaces, or of this one when `namespaceLabels` is absent; or addresses. */
export type Peer =
  | { readonly cidr: string }
  | {
      readonly namespaceLabels?: Readonly<Record<string, string>>;
      readonly podLabels?: Readonly<Record<string, string>>;
    };

export type CellOptions = {
  /** Where the operator and the platform's contexts run. */
  readonly operatorNamespace: string;
  /** The operator's own connection. Contexts reach the same server, each as a user of its own. */
  readonly mongodbUri: string;
  readonly redisUrl: string;
  readonly network?: {
    /** Where MongoDB is. When absent, what its URI says: a Service's namespace, or an address, or else anywhere. */
    readonly mongodb?: readonly Peer[];
    readonly redis?: readonly Peer[];
    /** The cluster's DNS when absent. */
    readonly dns?: readonly Peer[];
    /** Who may call every API. Pods of the operator's namespace and namespaces labelled so when absent. */
    readonly frontDoor?: readonly Peer[];
    /** Who may collect metrics. Nobody when absent. */
    readonly metrics?: readonly Peer[];
  };
  /** How long a new version may take to become ready before it is taken back. 180 when absent. */
  readonly progressDeadlineSeconds?: number;
  readonly logLevel?: string;
  /** Credentials for registries of images; none when absent. */
  readonly pullSecrets?: PullSecrets;
};
