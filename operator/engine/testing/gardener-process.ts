// An operator for gardens as a process, to be killed: node gardener-process.ts <kubeconfig file> <group> <namespace>.
// What it does outside the cluster it notes in a ConfigMap of that namespace, so that this too is a write to be killed at.
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { isAlreadyExists } from '../api-error.ts';
import { runOperator } from '../run-operator.ts';
import { createObject } from '../verbs.ts';
import { type Gardening, gardener } from './garden.ts';
import { clientFor, configMaps } from './ground.ts';

const [kubeconfigFile = '', group = '', outside = ''] = process.argv.slice(2);
const client = clientFor(readFileSync(kubeconfigFile, 'utf8'));
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());

const perform = async ({ does, garden }: Gardening): Promise<void> => {
  const metadata = { name: `${does}-${garden}`, namespace: outside };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  await createObject(client, { resource: configMaps, object }).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
};

const resource = { group, version: 'v1', kind: 'Garden', plural: 'gardens', namespaced: false };
const { ended } = runOperator({
  client,
  controllers: [gardener({ resource, perform })],
  logger: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }, pino.destination(2)),
  signal: stopping.signal,
});
await ended;
client.close();
