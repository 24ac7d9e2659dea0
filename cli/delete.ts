import { Command } from 'commander';
import { isNotFound } from '../operator/engine/api-error.ts';
import type { KubeClient } from '../operator/engine/kube-client.ts';
import { deleteObject, findObject } from '../operator/engine/verbs.ts';
import { withCluster } from './cluster/connect.ts';
import { type ClusterOptions, withClusterOptions } from './cluster/options.ts';
import { CommandFailed } from './command-failed.ts';
import { type Duration, duration } from './duration.ts';
import { print } from './print.ts';
import { missing } from './resources/ask.ts';
import { objectsInFiles } from './resources/object-files.ts';
import { namedText, targetsOf } from './resources/targets.ts';
import { type Named, untilGone } from './resources/until.ts';

type Options = ClusterOptions & {
  readonly file?: string[];
  readonly wait: boolean;
  readonly ignoreNotFound?: boolean;
  readonly timeout: Duration;
  readonly json?: boolean;
};

export const deleteCommand = (): Command =>
  withClusterOptions(new Command('delete'))
    .description("Deletes resources. A tenant's databases go with it unless its deletionPolicy says Retain.")
    .argument('[kind and names...]', 'tenant acme, or tenant/acme subscription/acme-starter')
    .option('-f, --file <paths...>', 'what these files or folders name (- reads standard input)')
    .option('--no-wait', 'only begin; without this it ends when they are gone')
    .option('--ignore-not-found', 'what is not there is deleted already')
    .option('--timeout <duration>', 'how long to wait', duration, duration('5m'))
    .option('--json', 'print JSON')
    .action(async (words: string[], options: Options) => {
      const named = await namedIn(words, options.file);
      const startedAt = performance.now();
      const deleted = await withCluster(options, async ({ client }) => {
        const begun = await Promise.all(named.map((one) => begin(client, one, options)));
        const there = begun.flatMap((one) => one ?? []);
        if (options.wait)
          await Promise.all(
            there.map((one) => untilGone(client, one, { timeout: options.timeout, startedAt })),
          );
        return there;
      });
      const is = options.wait ? 'deleted' : 'being deleted';
      print(
        options.json,
        deleted.map(({ kind, name }) => ({ kind: kind.kind, name, is })),
        () =>
          deleted.map(({ kind, name }) => `${namedText(kind, name)} is ${is}`).join('\n') ||
          'There is nothing to delete.',
      );
    });

/** @throws CommandFailed when a kind is named without a name: nobody deletes all tenants by leaving a word out. */
export const namedIn = async (words: readonly string[], files: string[] | undefined): Promise<Named[]> => {
  if (files !== undefined && words.length > 0)
    throw new CommandFailed('Name resources, or files with -f, not both.');
  if (files !== undefined)
    return (await objectsInFiles(files)).map(({ kind, object }) => ({ kind, name: object.metadata.name }));
  if (words.length === 0)
    throw new CommandFailed('Say what to delete: tenant acme, or -f with the file that was applied.');
  return targetsOf(words).map(({ kind, name }) => {
    if (name !== undefined) return { kind, name };
    throw new CommandFailed(
      `Say which ${kind.plural} to delete, by name: cadastre get ${kind.plural} lists them.`,
    );
  });
};

const begin = async (
  client: KubeClient,
  { kind, name }: Named,
  { ignoreNotFound }: Options,
): Promise<(Named & { uid: string | undefined }) | undefined> => {
  const object = await findObject(client, { resource: kind, key: name });
  if (!object && ignoreNotFound) return undefined;
  if (!object) throw missing(kind, name);
  const { uid } = object.metadata;
  await deleteObject(client, { resource: kind, key: name, uid }).catch((error: unknown) => {
    // Somebody else deleted it since.
    if (!isNotFound(error)) throw error;
  });
  return { kind, name, uid };
};
