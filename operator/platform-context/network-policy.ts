import {
  askingWhoAsks,
  callsIn,
  callsOf,
  collecting,
  egressOf,
  frontDoorOf,
  peersOf,
  tcp,
} from '../cell/children/network-policies.ts';
import { podsIn } from '../cell/children/server-peers.ts';
import type { Landscape } from '../cell/facts.ts';
import { API_PORT, CELL_LABEL, CONTEXT_LABEL, ours, PLATFORM_CELL, podSelectorOf } from '../cell/names.ts';
import type { CellOptions, Peer } from '../cell/options.ts';
import type { Placed } from '../cell/rollout.ts';
import type { KubeObject } from '../engine/kube-object.ts';

type Connected = { readonly landscape: Landscape; readonly options: CellOptions };

/**
 * All that a platform context reaches and is called by. One policy that selects its pods alone: others in the operator's
 * namespace are not the contexts', and a policy for all would cut them off.
 */
export const networkPolicy = (placed: Placed, { landscape, options }: Connected): KubeObject => {
  const { name } = placed;
  const peerOf = (context: string): Peer =>
    landscape.platform.has(context)
      ? podsIn(options.operatorNamespace, podSelectorOf(PLATFORM_CELL, context))
      : { namespaceLabels: CELLS, podLabels: { [CONTEXT_LABEL]: context } };
  const callers = [...landscape.releases].filter(([, release]) => callsIn(release).has(name));
  const from = [...frontDoorOf(options), ...callers.map(([caller]) => peerOf(caller))];
  // During an update as well, of the version before.
  const isFrontDoor = [placed.release, placed.good].some((release) => release?.frontDoor);
  const declared = [...callsOf(placed)].sort().map(peerOf);
  const to = isFrontDoor
    ? everyApi(options)
    : [...declared, ...(landscape.frontDoor === name ? [] : askingWhoAsks({ landscape, options }))];
  const spec = {
    podSelector: { matchLabels: podSelectorOf(PLATFORM_CELL, name) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [...beingCalled(isFrontDoor ? 'anybody' : from), ...collecting(options)],
    egress: [
      ...Object.values(egressOf(options)),
      ...(to.length === 0 ? [] : [{ ports: tcp(API_PORT), to: peersOf(to) }]),
    ],
  };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    // The chart has policies of one word here; no context's name has a hyphen.
    metadata: ours({ name: `context-${name}`, namespace: options.operatorNamespace }),
    spec,
  } as KubeObject;
};

/** A rule without anybody lets everybody in, which is right of the front door alone. */
const beingCalled = (from: readonly Peer[] | 'anybody') => {
  if (from === 'anybody') return [{ ports: tcp(API_PORT) }];
  return from.length === 0 ? [] : [{ ports: tcp(API_PORT), from: peersOf(from) }];
};

/** Of each context in each cell, and of the platform's own. */
const everyApi = ({ operatorNamespace }: CellOptions): Peer[] => [
  { namespaceLabels: CELLS, podLabels: CONTEXTS },
  podsIn(operatorNamespace, { ...CONTEXTS, [CELL_LABEL]: PLATFORM_CELL }),
];

/** On the pods of contexts. */
const CONTEXTS = { 'app.kubernetes.io/component': 'context' };

/** On the namespaces that the operator makes. */
const CELLS = { 'app.kubernetes.io/managed-by': 'cadastre' };
