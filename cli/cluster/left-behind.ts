import { KINDS } from '../../operator/api/kinds.ts';
import { secrets } from '../../operator/cell/resources.ts';
import type { KubeClient } from '../../operator/engine/kube-client.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import type { Resource } from '../../operator/engine/resource.ts';
import { findObject, listPage } from '../../operator/engine/verbs.ts';

const DEFINITIONS: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};
const CLAIMS: Resource = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  namespaced: true,
};

type Place = { readonly release: string; readonly namespace: string };

/** The kinds that the cluster has. */
export const installedKinds = async (client: KubeClient): Promise<(typeof KINDS)[number][]> => {
  const found = await Promise.all(
    KINDS.map(async (kind) => {
      const key = `${kind.plural}.${kind.group}`;
      return { kind, definition: await findObject(client, { resource: DEFINITIONS, key }) };
    }),
  );
  return found.flatMap(({ kind, definition }) =>
    definition && definition.metadata.deletionTimestamp === undefined ? kind : [],
  );
};

export type LeftBehind = {
  readonly kinds: readonly string[];
  readonly volumeClaims: readonly string[];
  readonly secrets: readonly string[];
};

/** What is there of a release that was uninstalled. */
export const leftBehind = async (client: KubeClient, place: Place): Promise<LeftBehind> => {
  const [kinds, volumeClaims, kept] = await Promise.all([
    installedKinds(client),
    namesOf(client, CLAIMS, place),
    namesOf(client, secrets, place),
  ]);
  return { kinds: kinds.map(({ plural, group }) => `${plural}.${group}`), volumeClaims, secrets: kept };
};

export const releaseSelector = (release: string): string =>
  `app.kubernetes.io/name=cadastre,app.kubernetes.io/instance=${release}`;

const namesOf = async (
  client: KubeClient,
  resource: Resource,
  { release, namespace }: Place,
): Promise<string[]> => {
  const { items } = await listPage<KubeObject>(client, {
    resource,
    namespace,
    labelSelector: releaseSelector(release),
  });
  return items.map(({ metadata: { name } }) => name).sort();
};
