import type { Kind } from '../../operator/api/common.ts';
import { isNotFound } from '../../operator/engine/api-error.ts';
import type { KubeClient } from '../../operator/engine/kube-client.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { getObject, listPage, type Page } from '../../operator/engine/verbs.ts';
import { isKindUnknown } from '../cluster/failure.ts';
import { CommandFailed } from '../command-failed.ts';
import { namedText, type Target } from './targets.ts';

const PAGE = 500;

/** All of a kind, sorted by name. */
export const listAll = async (client: KubeClient, resource: Kind): Promise<KubeObject[]> => {
  const objects: KubeObject[] = [];
  for (let from: string | undefined = ''; from !== undefined; ) {
    const page: Page<KubeObject> = await listPage<KubeObject>(client, {
      resource,
      limit: PAGE,
      ...(from !== '' && { continue: from }),
    });
    objects.push(...page.items);
    from = page.continue;
  }
  return objects;
};

/** @throws CommandFailed when there is none of that name. */
export const getNamed = async (client: KubeClient, kind: Kind, name: string): Promise<KubeObject> =>
  getObject<KubeObject>(client, { resource: kind, key: name }).catch((error: unknown) => {
    throw isNotFound(error) && !isKindUnknown(error) ? missing(kind, name) : error;
  });

export const missing = (kind: Kind, name: string): CommandFailed =>
  new CommandFailed(
    `There is no ${namedText(kind, name)}: cadastre get ${kind.plural} lists those that there are.`,
  );

/** The object that is named, or all of the kind. */
export const objectsOf = async (client: KubeClient, { kind, name }: Target): Promise<KubeObject[]> =>
  name === undefined ? listAll(client, kind) : [await getNamed(client, kind, name)];

/** Without what nobody reads: which program set which field. */
export const forReading = (object: KubeObject): KubeObject => {
  const { managedFields: _, ...metadata } = object.metadata as KubeObject['metadata'] & {
    managedFields?: unknown;
  };
  return { ...object, metadata };
};
