import { deepEqual, equal } from 'node:assert/strict';
import { setImmediate as immediate } from 'node:timers/promises';
import type { KubeObject } from './kube-object.ts';
import { ownWrites } from './own-writes.ts';
import { aWorld } from './testing/a-world.ts';
import { aConfigMap, configMaps } from './testing/ground.ts';
import { virtualClock } from './testing/virtual-clock.ts';

const version = (resourceVersion: string, uid = 'u1'): KubeObject =>
  aConfigMap('garden', { uid, resourceVersion });

const waitingFor = (written: KubeObject, ...there: KubeObject[]) => {
  const clock = virtualClock();
  const world = aWorld([configMaps], there);
  const writes = ownWrites(world, [configMaps], clock);
  const answers: boolean[] = [];
  void writes.seen([{ resource: configMaps, object: written }]).then((isSeen) => answers.push(isSeen));
  return { clock, world, writes, answers };
};

describe('ownWrites', () => {
  it('does not wait for what the cache has already, or has something newer of', async () => {
    for (const there of ['7', '10']) {
      const { answers } = waitingFor(version('7'), version(there));
      await immediate();
      deepEqual(answers, [true]);
    }
  });

  it('waits until the cache has what was written', async () => {
    const { world, answers } = waitingFor(version('10'), version('8'));
    world.see(version('9'));
    await immediate();
    deepEqual(answers, []);
    world.see(version('10'));
    await immediate();
    deepEqual(answers, [true]);
  });

  it('waits for an object that is new, and not for the end of another of its name', async () => {
    const { world, answers } = waitingFor(version('10', 'u2'), version('8', 'u1'));
    world.miss(configMaps, 'garden/a');
    await immediate();
    deepEqual(answers, []);
    world.see(version('10', 'u2'));
    await immediate();
    deepEqual(answers, [true]);
  });

  it('is content when what was written is gone again', async () => {
    const { world, answers } = waitingFor(version('10'), version('8'));
    world.miss(configMaps, 'garden/a');
    await immediate();
    deepEqual(answers, [true]);
  });

  it('gives up on a cache that hears nothing', async () => {
    const { clock, answers } = waitingFor(version('10'));
    await clock.advance(4_999);
    equal(answers.length, 0);
    await clock.advance(1);
    deepEqual(answers, [false]);
  });

  it('ends all waiting when it is closed, and waits no more', async () => {
    const { writes, answers } = waitingFor(version('10'));
    writes.close();
    await immediate();
    deepEqual(answers, [false]);
    equal(await writes.seen([{ resource: configMaps, object: version('11') }]), false);
  });
});
