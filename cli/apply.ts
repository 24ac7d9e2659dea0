import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { ApiError, isConflict } from '../operator/engine/api-error.ts';
import type { KubeClient } from '../operator/engine/kube-client.ts';
import type { KubeObject } from '../operator/engine/kube-object.ts';
import { findObject, serverSideApply } from '../operator/engine/verbs.ts';
import { withCluster } from './cluster/connect.ts';
import { isKindUnknown, sentenceOf } from './cluster/failure.ts';
import { type ClusterOptions, withClusterOptions } from './cluster/options.ts';
import { print, progress } from './print.ts';
import { objectsInFiles, type Written } from './resources/object-files.ts';
import { namedText } from './resources/targets.ts';

const FIELD_MANAGER = 'cadastre-cli';

type Options = ClusterOptions & {
  readonly file: string[];
  readonly force?: boolean;
  readonly json?: boolean;
};

type Outcome = {
  readonly kind: string;
  readonly name: string;
  readonly is: 'created' | 'changed' | 'unchanged' | 'refused';
  /** What the API server says. */
  readonly why?: string;
};

export const applyCommand = (): Command =>
  withClusterOptions(new Command('apply'))
    .description('Creates or changes resources on a cluster as files say (server-side apply).')
    .requiredOption('-f, --file <paths...>', 'YAML files, folders of them, or - for standard input')
    .option('--force', 'take fields over that another program set, such as kubectl edit')
    .option('--json', 'print JSON')
    .action(async ({ file, force = false, json, ...cluster }: Options) => {
      const written = await objectsInFiles(file);
      const outcomes = await withCluster(cluster, ({ client }) => applyAll(client, written, force));
      print(json, outcomes, () => outcomes.map(outcomeText).join('\n'));
      const refused = outcomes.filter(({ is }) => is === 'refused').length;
      if (refused === 0) return;
      process.exitCode = 1;
      if (!json)
        progress(`${refused} of ${outcomes.length} refused: put right what is said above and apply again.`);
    });

/** One after the other, as they are written; what is refused does not keep the others back. */
const applyAll = async (
  client: KubeClient,
  written: readonly Written[],
  force: boolean,
): Promise<Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (const { kind, object } of written) {
    const named = { kind: kind.kind, name: object.metadata.name };
    const is = await applyOne(client, { kind, object, force }).catch((error: unknown) => refusalOf(error));
    outcomes.push(typeof is === 'string' ? { ...named, is } : { ...named, is: 'refused', why: is.why });
  }
  return outcomes;
};

const applyOne = async (
  client: KubeClient,
  { kind, object, force }: Pick<Written, 'kind' | 'object'> & { readonly force: boolean },
): Promise<'created' | 'changed' | 'unchanged'> => {
  const before = await findObject(client, { resource: kind, key: object.metadata.name });
  const after = await serverSideApply(client, { resource: kind, object, fieldManager: FIELD_MANAGER, force });
  if (!before) return 'created';
  return isDeepStrictEqual(asked(before), asked(after)) ? 'unchanged' : 'changed';
};

/** What people say of an object, without what the API server and the operator write down. */
const asked = ({ metadata, ...object }: KubeObject) => ({
  spec: (object as { spec?: unknown }).spec,
  labels: metadata.labels,
  annotations: metadata.annotations,
});

/** A refusal is about this object; anything else is about the cluster, and ends the command. */
const refusalOf = (error: unknown): { readonly why: string } => {
  const isAboutObject = error instanceof ApiError && [400, 403, 409, 422].includes(error.status);
  if (!isAboutObject || isKindUnknown(error)) throw error;
  const remedy = isConflict(error) ? '. --force takes those fields over' : '';
  return { why: `${sentenceOf(error)}${remedy}` };
};

const outcomeText = ({ kind, name, is, why }: Outcome): string => {
  const named = namedText({ kind }, name);
  return why === undefined ? `${named} ${is}` : `${named} ${is}: ${why}`;
};
