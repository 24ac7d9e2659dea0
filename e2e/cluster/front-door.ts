import { isReady, kubectl, namespaceOf } from './kubectl.ts';
import { orderAndShipment } from './order.ts';
import { until } from './steps.ts';

/** A shop that began without a front door hears of one when the kubelet renews its map: within about a minute. */
export const takesALateFrontDoor = async (): Promise<void> => {
  const shop = ['--namespace', namespaceOf('pool-1')];
  await kubectl('delete', 'boundedcontext', 'cloud', '--timeout=120s');
  await until('the map of the cell names no front door', async () => {
    const map = await kubectl('get', 'configmap', 'context-map', ...shop, '--output', 'yaml');
    return !map.includes('identity');
  });
  await kubectl('delete', 'pod', '--all', ...shop);
  await isReady('cell/pool-1');
  await kubectl('apply', '--filename', 'samples/bounded-contexts.yaml');
  await isReady('boundedcontext/cloud');
  await orderAndShipment('acme');
};
