import type { Cell } from '../../api/cell.ts';
import type { KubeObject } from '../../engine/kube-object.ts';
import type { Landscape } from '../facts.ts';
import { API_PORT, FRONT_DOOR_LABEL, METRICS_PORT, ours, PLATFORM_CELL, podSelectorOf } from '../names.ts';
import type { CellOptions, Peer } from '../options.ts';
import type { Release } from '../release.ts';
import type { Placed } from '../rollout.ts';
import { placeOf, podsIn, type ServerPlace } from './server-peers.ts';

export type Connected = {
  readonly placed: readonly Placed[];
  readonly landscape: Landscape;
  readonly options: CellOptions;
};

/** The cluster's DNS, and the cache of it that some clusters have on every node. */
const CLUSTER_DNS: readonly Peer[] = [podsIn('kube-system'), { cidr: '169.254.20.10/32' }];

export const tcp = (...ports: readonly number[]) => ports.map((port) => ({ protocol: 'TCP', port }));

/** Nothing is reached and nothing is called but what is said here. Probes come from the node and need no leave. */
export const networkPolicies = (cell: Cell, connected: Connected): KubeObject[] => {
  const allowed = Object.entries(egressOf(connected.options));
  return [
    policy(cell, 'default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    ...allowed.map(([what, rule]) =>
      policy(cell, `allow-${what}`, { podSelector: {}, policyTypes: ['Egress'], egress: [rule] }),
    ),
    ...collecting(connected.options).map((rule) =>
      policy(cell, 'metrics', { podSelector: {}, policyTypes: ['Ingress'], ingress: [rule] }),
    ),
    ...askingWhoAsks(connected).map((to) =>
      policy(cell, 'calls-front-door', {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ ports: tcp(API_PORT), to: peersOf([to]) }],
      }),
    ),
    ...connected.placed.flatMap(({ name }) => [
      ...beingCalled(cell, name, connected),
      ...calling(cell, name, connected),
    ]),
  ];
};

const policy = (cell: Cell, name: string, spec: object) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: ours({ name, namespace: cell.spec.namespace }),
  spec,
});

const withPeers = (place: ServerPlace, peers: readonly Peer[] | undefined): ServerPlace =>
  peers === undefined ? place : { ...place, peers };

const toServer = ({ ports, peers }: ServerPlace) => ({
  ports: tcp(...ports),
  ...(peers && { to: peersOf(peers) }),
});

/** What every context has to reach. */
export const egressOf = ({ network = {}, mongodbUri, redisUrl }: CellOptions) => ({
  dns: { ports: [{ protocol: 'UDP', port: 53 }, ...tcp(53)], to: peersOf(network.dns ?? CLUSTER_DNS) },
  mongodb: toServer(withPeers(placeOf(mongodbUri, 27_017), network.mongodb)),
  redis: toServer(withPeers(placeOf(redisUrl, 6_379), network.redis)),
});

/** A rule without anybody would let everybody in, so there is none then. */
export const collecting = ({ network: { metrics = [] } = {} }: CellOptions) =>
  metrics.length === 0 ? [] : [{ ports: tcp(METRICS_PORT), from: peersOf(metrics) }];

/** The front door, whose public keys every context reads. */
export const askingWhoAsks = ({
  landscape: { frontDoor },
  options: { operatorNamespace },
}: Pick<Connected, 'landscape' | 'options'>): Peer[] =>
  frontDoor === undefined ? [] : [podsIn(operatorNamespace, podSelectorOf(PLATFORM_CELL, frontDoor))];

/** Who may call every API. */
export const frontDoorOf = ({ operatorNamespace, network }: CellOptions): readonly Peer[] => {
  const label = { [FRONT_DOOR_LABEL]: 'true' };
  return network?.frontDoor ?? [podsIn(operatorNamespace, label), { namespaceLabels: label }];
};

/** Who may call a context's API. A rule without anybody would let everybody in, so there is none then. */
const beingCalled = (cell: Cell, name: string, { placed, landscape, options }: Connected) => {
  const inCell = placed.filter((one) => callsOf(one).has(name));
  const platform = [...landscape.platform].filter((one) => callsIn(landscape.releases.get(one)).has(name));
  const from = [
    ...frontDoorOf(options),
    ...inCell.map((one) => ({ podLabels: podSelectorOf(cell.metadata.name, one.name) })),
    ...platform.sort().map((one) => podsIn(options.operatorNamespace, podSelectorOf(PLATFORM_CELL, one))),
  ];
  if (from.length === 0) return [];
  const spec = {
    podSelector: { matchLabels: podSelectorOf(cell.metadata.name, name) },
    policyTypes: ['Ingress'],
    ingress: [{ ports: tcp(API_PORT), from: peersOf(from) }],
  };
  return [policy(cell, `api-${name}`, spec)];
};

/** Whose API a context may call. */
const calling = (cell: Cell, name: string, { placed, landscape, options }: Connected) => {
  const caller = placed.find((one) => one.name === name);
  const called = caller === undefined ? [] : [...callsOf(caller)].sort();
  const to = called.flatMap((upstream): Peer[] => {
    if (landscape.platform.has(upstream))
      return [podsIn(options.operatorNamespace, podSelectorOf(PLATFORM_CELL, upstream))];
    const isHere = placed.some((one) => one.name === upstream);
    return isHere ? [{ podLabels: podSelectorOf(cell.metadata.name, upstream) }] : [];
  });
  if (to.length === 0) return [];
  const spec = {
    podSelector: { matchLabels: podSelectorOf(cell.metadata.name, name) },
    policyTypes: ['Egress'],
    egress: [{ ports: tcp(API_PORT), to: peersOf(to) }],
  };
  return [policy(cell, `calls-${name}`, spec)];
};

/** During an update pods of two versions run, and both may call whom they declare. */
export const callsOf = ({ release, good }: Placed): ReadonlySet<string> =>
  new Set([...callsIn(release), ...callsIn(good)]);

export const callsIn = (release: Release | undefined): ReadonlySet<string> =>
  new Set(release?.upstreams.filter(({ via }) => via === 'rest').map(({ context }) => context));

export const peersOf = (peers: readonly Peer[]) =>
  peers.map((peer) => {
    if ('cidr' in peer) return { ipBlock: { cidr: peer.cidr } };
    const { namespaceLabels, podLabels } = peer;
    return {
      ...(namespaceLabels && { namespaceSelector: { matchLabels: namespaceLabels } }),
      ...((podLabels || !namespaceLabels) && { podSelector: { matchLabels: podLabels ?? {} } }),
    };
  });
