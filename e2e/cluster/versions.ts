import assert from 'node:assert/strict';
import { conditionOf, isReady, kubectlJson, patchSpec } from './kubectl.ts';
import { orderAndShipment } from './order.ts';
import { until } from './steps.ts';

type Publishing = { spec: { publishes: { type: string }[] } };

/** A version without an event that others read is not released; the one before goes on. */
export const refusesWhatBreaksAConsumer = async (): Promise<void> => {
  const { spec } = await kubectlJson<Publishing>('get', 'boundedcontext', 'ordering');
  const publishes = spec.publishes.filter(({ type }) => type !== 'ordering.order-placed.v1');
  await patchSpec('boundedcontext', 'ordering', { publishes, version: '0.2.0' });
  await until('the version is refused', async () => {
    const compatible = await conditionOf('boundedcontext', 'ordering', 'Compatible');
    return compatible?.status === 'False' && /shipping|catalog/.test(compatible.message);
  });
  await orderAndShipment('acme');
  await patchSpec('boundedcontext', 'ordering', { publishes: spec.publishes, version: '0.1.0' });
  await isReady('boundedcontext/ordering');
};

/** A version whose pods do not become ready is taken back, and orders go on meanwhile. */
export const takesBackABadVersion = async (): Promise<void> => {
  await patchSpec('boundedcontext', 'shipping', { image: 'cadastre/shipping:missing', version: '0.1.1' });
  const refusal = await until('the version is taken back', async () => {
    const ready = await conditionOf('cell', 'pool-1', 'Ready');
    return ready?.reason === 'RolledBack' && ready;
  });
  assert.match(refusal.message, /cadastre\/shipping:missing/);
  await orderAndShipment('acme');
  await patchSpec('boundedcontext', 'shipping', { image: 'cadastre/shipping:0.1.0', version: '0.1.0' });
  await isReady('cell/pool-1');
};
