import { equal, match } from 'node:assert/strict';
import { type HealthSources, healthOf } from './health.ts';
import type { Resource } from './resource.ts';
import { virtualClock } from './testing/virtual-clock.ts';
import type { QueueState } from './work-queue.ts';

const GARDENS: Resource = {
  group: 'example.dev',
  version: 'v1',
  kind: 'Garden',
  plural: 'gardens',
  namespaced: false,
};

const idle: QueueState = { waiting: 0, working: 0, delayed: 0, movedAt: 0 };

const aHealth = (queue: Partial<QueueState> = {}, sources: Partial<HealthSources> = {}) => {
  const clock = virtualClock();
  const health = healthOf({
    controllers: () => [{ name: 'garden', queue: () => ({ ...idle, ...queue }) }],
    caches: [{ resource: GARDENS, isSynced: () => true }],
    secondsSinceSign: () => 1,
    clock,
    ...sources,
  });
  return { clock, health };
};

describe('healthOf', () => {
  it('is silent when all is well', async () => {
    const { clock, health } = aHealth({ delayed: 3 });
    await clock.advance(3_600_000);
    equal(health.live(), undefined);
    equal(health.ready(), undefined);
  });

  it('names a controller that has keys and has finished none for a minute', async () => {
    const { clock, health } = aHealth({ waiting: 2, working: 1 });
    await clock.advance(60_000);
    equal(health.live(), undefined);
    await clock.advance(1);
    match(health.live() ?? '', /controller garden has 3 keys/);
    equal(health.ready(), undefined);
  });

  it('is not ready before the caches are complete', () => {
    const { health } = aHealth({}, { caches: [{ resource: GARDENS, isSynced: () => false }] });
    match(health.ready() ?? '', /gardens\.example\.dev is not complete/);
    equal(health.live(), undefined);
  });

  it('is not ready while a reflector hears nothing, and in the end not alive', () => {
    let seconds = 181;
    const { health } = aHealth({}, { secondsSinceSign: () => seconds });
    match(health.ready() ?? '', /heard nothing/);
    equal(health.live(), undefined);
    seconds = 901;
    match(health.live() ?? '', /reflector of gardens\.example\.dev/);
  });
});
