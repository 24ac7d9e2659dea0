import { deepEqual } from 'node:assert/strict';
import { amount, amountText } from './quantity.ts';
import { replicasWithin } from './replicas.ts';
import { aRelease } from './testing/given.ts';

const quotas = (overrides: object = {}) => ({
  replicas: 4,
  cpu: '4',
  memory: '8Gi',
  storage: '10Gi',
  ...overrides,
});
const contexts = (...memory: string[]) =>
  memory.map((memory) => aRelease('any:1', { resources: { cpu: '100m', memory } }));

describe('the replicas of each context', () => {
  it('are half of what the plan says at rest, all of it at most', () =>
    deepEqual(replicasWithin(quotas(), contexts('256Mi', '256Mi')), { min: 2, max: 4 }));
  it('are one where the plan says one or two', () => {
    deepEqual(replicasWithin(quotas({ replicas: 1 }), contexts('256Mi')), { min: 1, max: 1 });
    deepEqual(replicasWithin(quotas({ replicas: 2 }), contexts('256Mi')), { min: 1, max: 2 });
  });
  it('leave room for one new pod of the largest context during an update', () => {
    deepEqual(replicasWithin(quotas({ memory: '1536Mi' }), contexts('128Mi', '256Mi')), { min: 2, max: 3 });
    deepEqual(replicasWithin(quotas({ memory: '1407Mi' }), contexts('128Mi', '256Mi')), { min: 2, max: 2 });
    deepEqual(replicasWithin(quotas({ cpu: '500m' }), contexts('128Mi', '256Mi')), { min: 2, max: 2 });
  });
  it('are never more at rest than fit', () =>
    deepEqual(replicasWithin(quotas({ memory: '768Mi' }), contexts('128Mi', '256Mi')), { min: 1, max: 1 }));
  it('do not fit when one of each and one more do not', () => {
    const Mi = 2 ** 20;
    deepEqual(replicasWithin(quotas({ cpu: '250m', memory: '600Mi' }), contexts('128Mi', '256Mi')), {
      needed: { cpu: 300, memory: 640 * Mi },
      missing: { cpu: 50, memory: 40 * Mi },
    });
  });
  it('are what the plan says when nothing runs', () =>
    deepEqual(replicasWithin(quotas(), []), { min: 2, max: 4 }));
});

describe('a quantity', () => {
  const cases: [string, string, number, number][] = [
    ['250m', '512Mi', 250, 512 * 2 ** 20],
    ['2', '1Gi', 2_000, 2 ** 30],
    ['0.29', '1.5Ki', 290, 1_536],
    ['0.1', '10M', 100, 10_000_000],
  ];
  for (const [cpu, memory, thousandths, bytes] of cases) {
    it(`reads ${cpu} and ${memory}`, () =>
      deepEqual(amount({ cpu, memory }), { cpu: thousandths, memory: bytes }));
  }
  it('is written for people', () => {
    deepEqual(amountText({ cpu: 1_500, memory: 2 ** 30 }), '1500m CPU and 1024Mi memory');
    deepEqual(amountText({ cpu: 2_000, memory: 0 }), '2 CPU');
    deepEqual(amountText({ cpu: 0, memory: 1 }), '1Mi memory');
  });
});
