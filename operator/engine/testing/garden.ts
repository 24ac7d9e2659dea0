import { randomUUID } from 'node:crypto';
import type { Condition } from '../condition.ts';
import type { Controller } from '../controller.ts';
import type { KubeClient } from '../kube-client.ts';
import type { KubeObject } from '../kube-object.ts';
import { ReconcileError } from '../reconcile-error.ts';
import { apiVersionOf, type Resource } from '../resource.ts';
import { createObject, getObject } from '../verbs.ts';
import { type ConfigMap, configMaps, namespaces, until } from './ground.ts';

/** A tiny kind: a namespace of its own with a ConfigMap for each plant, a fence around it, and a gardener outside. */
export type Garden = KubeObject & {
  readonly spec: {
    readonly plants: readonly string[];
    readonly colour?: string;
    /** It stays as long as this is so. */
    readonly locked?: boolean;
  };
  readonly status?: {
    readonly planted?: number;
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
  };
};

/** Work outside the cluster. */
export type Gardening = { readonly does: 'water' | 'uproot'; readonly garden: string };

export const networkPolicies: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  namespaced: true,
};

export const FINALIZER = 'example.dev/garden';

const definitions: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

const text = { type: 'string' };
const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        plants: { type: 'array', items: text, default: [] },
        colour: { ...text, default: 'green' },
        locked: { type: 'boolean' },
      },
    },
    status: {
      type: 'object',
      properties: {
        planted: { type: 'integer' },
        // Nobody states it, the API server adds it.
        weather: { ...text, default: 'fair' },
        observedGeneration: { type: 'integer' },
        conditions: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              type: text,
              status: text,
              reason: text,
              message: text,
              lastTransitionTime: text,
              observedGeneration: { type: 'integer' },
            },
          },
        },
      },
    },
  },
};

/** Defines gardens in a group of their own, so that specs do not tend each other's, and waits until they are served. */
export const defineGardens = async (client: KubeClient): Promise<Resource> => {
  const group = `g${randomUUID().slice(-8)}.example.dev`;
  const names = { kind: 'Garden', listKind: 'GardenList', plural: 'gardens', singular: 'garden' };
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: schema },
    subresources: { status: {} },
  };
  const definition = {
    apiVersion: apiVersionOf(definitions),
    kind: definitions.kind,
    metadata: { name: `gardens.${group}` },
    spec: { group, names, scope: 'Cluster', versions: [version] },
  };
  await createObject(client, { resource: definitions, object: definition });
  type Definition = KubeObject & { status?: { conditions?: Condition[] } };
  await until(async () => {
    const { status } = await getObject<Definition>(client, {
      resource: definitions,
      key: definition.metadata.name,
    });
    return status?.conditions?.some((one) => one.type === 'Established' && one.status === 'True') === true;
  });
  return { group, version: 'v1', kind: 'Garden', plural: 'gardens', namespaced: false };
};

export const namespaceOf = (garden: string): string => `garden-${garden}`;

const childrenOf = ({ metadata: { name }, spec: { plants, colour = 'green' } }: Garden): KubeObject[] => {
  const namespace = namespaceOf(name);
  // The namespace is last, so that only the engine's own order makes this work.
  const plant = (one: string): ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: one, namespace },
    data: { colour, plant: one },
  });
  const fence = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'fence', namespace },
    // Without its protocol, so that the API server adds a default within a list that is one value.
    spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }], policyTypes: ['Ingress'] },
  };
  return [
    ...plants.map(plant),
    fence,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  ];
};

export type GardenerOptions = {
  readonly resource: Resource;
  readonly perform: (work: Gardening, garden: Garden) => Promise<void>;
  readonly deadlineSeconds?: number;
};

/** Poison ivy cannot be planted. */
export const POISON = 'ivy';

export const gardener = ({
  resource,
  perform,
  deadlineSeconds = 600,
}: GardenerOptions): Controller<Garden, readonly ConfigMap[], Gardening> => ({
  name: 'garden',
  parent: resource,
  children: [configMaps, networkPolicies, namespaces],
  observe: ({ metadata: { name } }, world) =>
    [...world.cache<ConfigMap>(configMaps).list()].filter(
      ({ metadata }) => metadata.namespace === namespaceOf(name),
    ),
  desired: (garden, planted) => {
    const { plants } = garden.spec;
    if (plants.includes(POISON)) throw new ReconcileError('Poisonous', 'Take ivy off the list of plants.');
    const missing = plants.length - planted.length;
    return {
      children: childrenOf(garden),
      status: { planted: planted.length },
      conditions: [
        missing === 0
          ? { type: 'Ready', status: 'True', reason: 'Planted', message: 'All plants are there.' }
          : { type: 'Ready', status: 'False', reason: 'Planting', message: 'Some plants are not there yet.' },
      ],
      effects: [{ does: 'water', garden: garden.metadata.name }],
    };
  },
  perform,
  finalizer: {
    name: FINALIZER,
    deadlineSeconds,
    finalize: ({ metadata: { name }, spec }) => ({
      effects: [{ does: 'uproot', garden: name }],
      ...(spec.locked && { waitingFor: { reason: 'Locked', message: 'Unlock the garden.' } }),
    }),
  },
});
