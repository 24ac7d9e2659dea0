import type { Peer } from '../options.ts';

/** Where a server is, as far as a network policy can say it. */
export type ServerPlace = {
  readonly ports: readonly number[];
  /** Undefined when its name says nothing of its address: then it may be anywhere. */
  readonly peers: readonly Peer[] | undefined;
};

const HOSTS = /^[a-z+]+:\/\/(?:[^@/]*@)?([^/?]+)/;

/** Reads `scheme://user:password@host:port,host:port/…`. */
export const placeOf = (uri: string, defaultPort: number): ServerPlace => {
  const hosts = (HOSTS.exec(uri)?.[1] ?? '').split(',');
  const peers = hosts.map((host) => peerAt(host.replace(/:\d+$/, '')));
  return {
    ports: [...new Set(hosts.map((host) => Number(/:(\d+)$/.exec(host)?.[1] ?? defaultPort)))],
    peers: peers.every((peer) => peer !== undefined) ? distinct(peers) : undefined,
  };
};

const peerAt = (host: string): Peer | undefined => {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return { cidr: `${host}/32` };
  const namespace = /\.([^.]+)\.svc(?:\.|$)/.exec(host)?.[1];
  return namespace === undefined ? undefined : podsIn(namespace);
};

/** Of a whole namespace, or those of its pods that have the labels. */
export const podsIn = (namespace: string, podLabels?: Readonly<Record<string, string>>): Peer => ({
  namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
  ...(podLabels && { podLabels }),
});

const distinct = (peers: readonly Peer[]): Peer[] => [
  ...new Map(peers.map((peer) => [JSON.stringify(peer), peer])).values(),
];
