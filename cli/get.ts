import { Command } from 'commander';
import { KINDS } from '../operator/api/kinds.ts';
import { withCluster } from './cluster/connect.ts';
import { type ClusterOptions, withClusterOptions } from './cluster/options.ts';
import { print } from './print.ts';
import { forReading, objectsOf } from './resources/ask.ts';
import { objectTable } from './resources/object-table.ts';
import { type Target, targetsOf } from './resources/targets.ts';

type Options = ClusterOptions & { readonly wide?: boolean; readonly json?: boolean };

export const getCommand = (): Command =>
  withClusterOptions(new Command('get'))
    .description('Lists resources of a cluster, and whether they are ready.')
    .argument('[kind and names...]', 'tenants, tenant acme, or tenant/acme; all kinds when left out')
    .option('--wide', 'with more columns, the message of the condition Ready among them')
    .option('--json', 'print JSON: a list of objects')
    .action(async (words: string[], options: Options) => {
      const targets: Target[] = words.length === 0 ? KINDS.map((kind) => ({ kind })) : targetsOf(words);
      const found = await withCluster(options, ({ client }) =>
        Promise.all(targets.map(async (target) => ({ ...target, objects: await objectsOf(client, target) }))),
      );
      const all = found.flatMap(({ objects }) => objects.map(forReading));
      print(options.json, all, () =>
        KINDS.filter((kind) => targets.some((target) => target.kind === kind))
          .map((kind) => ({
            kind,
            objects: found.filter((one) => one.kind === kind).flatMap((one) => one.objects),
          }))
          .map(({ kind, objects }) =>
            objects.length === 0
              ? `There are no ${kind.plural}.`
              : titled(targets, kind.plural, objectTable(kind, objects, { ...options, now: Date.now() })),
          )
          .join('\n\n'),
      );
    });

/** Which kind a table is of goes without saying where only one was asked for. */
const titled = (targets: readonly Target[], title: string, table: string): string =>
  new Set(targets.map(({ kind }) => kind)).size > 1 ? `${title}\n${table}` : table;
