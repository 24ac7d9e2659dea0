import { z } from 'zod';
import type { Kind } from '../../operator/api/common.ts';
import { KINDS } from '../../operator/api/kinds.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { apiVersionOf } from '../../operator/engine/resource.ts';
import { CommandFailed } from '../command-failed.ts';
import { fileSources, objectsIn, type Source } from '../context-map/read-contexts.ts';

/** An object that somebody wrote, and where. */
export type Written = { readonly kind: Kind; readonly object: KubeObject; readonly from: string };

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().min(1), namespace: z.string().optional() }),
});

/** All are read before anything is done with one. @throws CommandFailed when one is not as it should be. */
export const objectsInFiles = async (paths: readonly string[]): Promise<Written[]> => {
  const sources = await fileSources(paths);
  const objects = sources.flatMap(writtenIn);
  if (objects.length > 0) return objects;
  throw new CommandFailed(
    `There is no resource in ${paths.join(', ')}: name a file of YAML, or a folder of them.`,
  );
};

export const writtenIn = ({ from, yaml }: Source): Written[] =>
  objectsIn(from, yaml)
    // An empty document between two dashes.
    .filter((object) => object !== null && object !== undefined)
    .map((object) => writtenOf(from, object));

const writtenOf = (from: string, written: unknown): Written => {
  const parsed = objectSchema.safeParse(written);
  if (!parsed.success) {
    throw new CommandFailed(
      `${from} holds something that is no resource; write apiVersion, kind, metadata.name and spec:\n${z.prettifyError(parsed.error)}`,
    );
  }
  const { apiVersion, kind: kindName, metadata } = parsed.data;
  const kind = KINDS.find((one) => one.kind === kindName && apiVersionOf(one) === apiVersion);
  if (!kind) {
    const known = KINDS.map((one) => one.kind).join(', ');
    throw new CommandFailed(
      `${from} holds a ${kindName} of ${apiVersion}, which is none of Cadastre's kinds (${known} of ${apiVersionOf(KINDS[0] ?? { group: '', version: '' })}): apply it with kubectl.`,
    );
  }
  if (metadata.namespace !== undefined) {
    throw new CommandFailed(
      `${from} puts the ${kindName} ${metadata.name} in a namespace, and it has none: leave metadata.namespace out.`,
    );
  }
  return { kind, object: parsed.data as KubeObject, from };
};
