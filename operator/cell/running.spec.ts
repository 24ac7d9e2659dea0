import { deepEqual, equal } from 'node:assert/strict';
import { deployment } from './children/deployment.ts';
import { service } from './children/serving.ts';
import { type ObservedDeployment, runningIn } from './running.ts';
import { aRelease } from './testing/given.ts';

const [one, two] = [aRelease('ordering:1'), aRelease('ordering:2')];

const workload = {
  name: 'ordering',
  cell: 'acme',
  namespace: 'cadastre-acme',
  serviceAccount: 'contexts',
  mapConfig: 'context-map',
  release: two,
  good: one,
  before: one,
  refused: undefined,
  access: undefined,
  secretHash: 'abc',
  isAwake: true,
  replicas: { min: 1, max: 2 },
  progressDeadlineSeconds: 180,
  logLevel: 'info',
};
const applied = deployment(workload);

/** As the API server has it after the controller of Deployments has seen it. */
const observed = (status: object = {}, overrides: object = {}): ObservedDeployment => ({
  ...applied,
  metadata: { ...applied.metadata, generation: 2 },
  spec: { ...applied.spec, replicas: 2 },
  status: { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...status },
  ...overrides,
});

const outOfTime = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };

describe('what a Deployment tells', () => {
  it('is what it was made to remember', () =>
    deepEqual(runningIn(observed(), undefined), {
      release: two,
      good: one,
      before: one,
      refused: undefined,
      secretHash: 'abc',
      replicas: 2,
      available: 2,
      isUpToDate: true,
      hasFailed: false,
    }));
  it('is that its release has become ready, once its Service notes that', () => {
    equal(runningIn(observed(), service({ ...workload, good: two }))?.good?.image, 'ordering:2');
    equal(runningIn(observed(), service({ ...workload, good: one }))?.good?.image, 'ordering:1');
  });
  it('is nothing when there is none, or someone has broken its memory', () => {
    equal(runningIn(undefined, undefined), undefined);
    const annotations = { 'cadastre.dev/release': '{ "image": 7' };
    equal(runningIn(observed({}, { metadata: { name: 'ordering', annotations } }), undefined), undefined);
  });
  it('is not up to date while pods of an earlier template run', () => {
    equal(runningIn(observed({ updatedReplicas: 1 }), undefined)?.isUpToDate, false);
    equal(runningIn(observed({ replicas: 3 }), undefined)?.isUpToDate, false);
  });
  it('is not up to date before its status is about the current template', () => {
    equal(runningIn(observed({ observedGeneration: 1 }), undefined)?.isUpToDate, false);
    equal(runningIn(observed({}, { status: undefined }), undefined)?.isUpToDate, false);
  });
  it('is a failure when the current template ran out of time, not an earlier one', () => {
    equal(runningIn(observed({ conditions: [outOfTime] }), undefined)?.hasFailed, true);
    equal(
      runningIn(observed({ conditions: [outOfTime], observedGeneration: 1 }), undefined)?.hasFailed,
      false,
    );
    equal(
      runningIn(observed({ conditions: [{ ...outOfTime, status: 'True' }] }), undefined)?.hasFailed,
      false,
    );
  });
});
