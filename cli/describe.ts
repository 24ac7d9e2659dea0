import { Command } from 'commander';
import type { KubeClient } from '../operator/engine/kube-client.ts';
import type { KubeObject } from '../operator/engine/kube-object.ts';
import type { Resource } from '../operator/engine/resource.ts';
import { listPage } from '../operator/engine/verbs.ts';
import { withCluster } from './cluster/connect.ts';
import { type ClusterOptions, withClusterOptions } from './cluster/options.ts';
import { print } from './print.ts';
import { forReading, objectsOf } from './resources/ask.ts';
import { describeText, type KubeEvent } from './resources/describe-text.ts';
import { targetsOf } from './resources/targets.ts';

type Options = ClusterOptions & { readonly json?: boolean };

export const describeCommand = (): Command =>
  withClusterOptions(new Command('describe'))
    .description('Shows what a resource asks for, what became of it and why, and what happened to it.')
    .argument('<kind and names...>', 'tenant acme, tenant/acme, or all tenants')
    .option('--json', 'print JSON: each object with its events')
    .action(async (words: string[], { json, ...cluster }: Options) => {
      const described = await withCluster(cluster, async ({ client }) => {
        const objects = (await Promise.all(targetsOf(words).map((one) => objectsOf(client, one)))).flat();
        return Promise.all(
          objects.map(async (object) => ({
            object: forReading(object),
            events: await eventsAbout(client, object),
          })),
        );
      });
      const now = Date.now();
      print(
        json,
        described,
        () =>
          described.map(({ object, events }) => describeText(object, events, now)).join('\n\n\n') ||
          'There are none.',
      );
    });

/** The older form of events can be selected by what they are about; it shows all, however they were written. */
const EVENTS: Resource = { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true };

const eventsAbout = async (client: KubeClient, { metadata: { uid } }: KubeObject): Promise<KubeEvent[]> => {
  const { items } = await listPage<KubeEvent>(client, {
    resource: EVENTS,
    fieldSelector: `involvedObject.uid=${uid}`,
    limit: 500,
  });
  return [...items];
};
