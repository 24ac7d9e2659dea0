import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findKubectl } from '../../local/servers/find-kubernetes.ts';
import { projectFolder } from '../../local/source-files.ts';
import { collectionPath, nameOf, objectPath } from '../engine/resource.ts';
import { boundedContextKind } from './bounded-context.ts';
import { KINDS } from './kinds.ts';
import { structuralSchema } from './structural-schema.ts';
import { subscriptionKind } from './subscription.ts';
import { filesWithObjects, objectsIn } from './testing/object-files.ts';
import {
  aCell,
  aContext,
  anEvent,
  anUpstream,
  aPlan,
  aSubscription,
  aTenant,
  type Written,
} from './testing/objects.ts';
import { definitionPath, type ServedKinds, serveKinds } from './testing/serve-kinds.ts';

const run = promisify(execFile);

/** From the least that one can write to what only fills in a part: defaults are added at every depth. */
const specs: readonly Written[] = [
  aContext(),
  aContext({ scope: 'Platform', resources: {} }),
  aContext({ scope: 'Platform', frontDoor: true }),
  aContext({ frontDoor: false }),
  aContext({ resources: { cpu: '1' }, upstreams: [] }),
  aContext({
    publishes: [anEvent('ordering.order-placed.v1')],
    upstreams: [
      anUpstream(),
      anUpstream({
        context: 'shipping',
        via: 'rest',
        consumes: [{ type: 'shipping.shipment-dispatched.v1', reads: { anyOf: [{}, { not: {} }], x: null } }],
      }),
    ],
  }),
  aPlan(),
  aPlan({ quotas: {}, overdraft: {} }),
  aPlan({ quotas: { replicas: 3, memory: '0.5Gi' }, prices: { currency: 'EUR', basePerMonth: 0 } }),
  aPlan({
    displayName: 'Größer',
    prices: { currency: 'EUR', basePerMonth: 9_007_199_254_740_991, perUnit: { requests: 1 } },
    overdraft: { amount: 1 },
  }),
  aPlan({
    prices: { currency: 'EUR', basePerMonth: 900, included: { requests: 1_000 }, trialDays: 14 },
  }),
  aTenant(),
  aTenant({ suspended: true, deletionPolicy: 'Retain' }, '7-seas'),
  aSubscription(),
  aSubscription({ suspended: true }),
  aCell(),
  aCell({ quotas: { replicas: 1, cpu: '250m', memory: '1Gi', storage: '1G' }, rotateSecretsAt: 'now' }),
];

const samples = filesWithObjects().filter((file) => file.startsWith('samples/'));

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** Whether all that was written is in what came back: nothing was dropped or changed. */
const isWithin = (part: unknown, whole: unknown): boolean => {
  if (typeof part !== 'object' || part === null) return part === whole;
  if (typeof whole !== 'object' || whole === null) return false;
  const parts = Object.entries(part);
  const isComplete = !Array.isArray(part) || (Array.isArray(whole) && whole.length === part.length);
  return isComplete && parts.every(([key, value]) => isWithin(value, Reflect.get(whole, key)));
};

describe('the kinds on an API server', () => {
  let { plane, call }: Partial<ServedKinds> = {};
  let command = '';
  before(async function () {
    this.timeout(60_000);
    ({ plane, call } = await serveKinds());
    ({ command } = await findKubectl(console.error));
  });

  const ask = (...args: Parameters<ServedKinds['call']>) => (call as ServedKinds['call'])(...args);
  const kubectl = async (...args: string[]): Promise<string> =>
    (await run(command, [`--kubeconfig=${plane?.kubeconfigFile}`, ...args], { cwd: projectFolder })).stdout;

  /** As the API server would store it. */
  const accepted = async ({ kind, object }: Written): Promise<unknown> => {
    const path = `${collectionPath(kind)}?dryRun=All&fieldValidation=Strict`;
    const { status, body } = await ask({ method: 'POST', path, body: object });
    assert.equal(status, 201, body.message);
    return body.spec;
  };

  const takes = (written: Written): void => {
    const { kind, object } = written;
    it(`gives ${kind.kind} ${object.metadata.name} back with the defaults that zod adds, and else unchanged`, async () => {
      const spec = await accepted(written);
      assert.deepEqual(spec, kind.spec.parse(object.spec));
      assert.ok(isWithin(object.spec, spec));
    });
  };

  for (const kind of KINDS) {
    describe(`of ${nameOf(kind)}`, () => {
      it('establishes the definition and finds its schema structural', async () => {
        const { body } = await ask({ method: 'GET', path: definitionPath(kind) });
        const { conditions } = body.status as { conditions: { type: string; status: string }[] };
        const stated = conditions.map(({ type, status }) => `${type}=${status}`);
        assert.deepEqual(stated.sort(), ['Established=True', 'NamesAccepted=True']);
      });

      it('shows its columns and the age', async () => {
        const { body } = await ask({
          method: 'GET',
          path: collectionPath(kind),
          headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
        });
        const columns = (body['columnDefinitions'] as { name: string }[]).map(({ name }) => name);
        assert.deepEqual(columns, ['Name', ...kind.columns.map(({ name }) => name), 'Age']);
      });

      it('is explained, field by field', async () => {
        const explained = oneLine(await kubectl('explain', `${kind.plural}.spec`));
        const fields = Object.values(structuralSchema(kind.spec).properties ?? {});
        for (const { description = 'undescribed' } of fields)
          assert.ok(explained.includes(oneLine(description)), `${description}\nis not in\n${explained}`);
      }).timeout(30_000);
    });
  }

  it('answers to its short names and shows them all as cadastre', async () => {
    const path = `/apis/${boundedContextKind.group}/${boundedContextKind.version}`;
    const { body } = await ask({ method: 'GET', path });
    type Served = { name: string; shortNames?: string[]; categories?: string[] };
    const served = (body['resources'] as Served[])
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, shortNames = [], categories = [] }) => [name, ...shortNames, ...categories]);
    const expected = KINDS.map(({ plural, shortNames }) => [plural, ...shortNames, 'cadastre']);
    assert.deepEqual(served.sort(), expected.sort());
  });

  it('finds the subscriptions of a tenant by a field selector', async () => {
    const made = [
      aSubscription({ tenant: 'kinds-a' }, 'kinds-a'),
      aSubscription({ tenant: 'kinds-b' }, 'kinds-b'),
    ];
    for (const { kind, object } of made)
      await ask({ method: 'POST', path: collectionPath(kind), body: object });
    const path = `${collectionPath(subscriptionKind)}?fieldSelector=spec.tenant%3Dkinds-b`;
    const { body } = await ask({ method: 'GET', path });
    for (const { kind, object } of made)
      await ask({ method: 'DELETE', path: objectPath(kind, object.metadata.name) });
    const found = body['items'] as { metadata: { name: string } }[];
    assert.deepEqual(
      found.map(({ metadata }) => metadata.name),
      ['kinds-b'],
    );
  });

  describe('given what a user may write', () => specs.forEach(takes));

  for (const file of filesWithObjects()) {
    describe(`given ${file}`, () => objectsIn(file).forEach(takes));
  }

  it('keeps the spec that was released in the status as it is', async () => {
    const { kind, object } = aContext({}, 'kindsreleased');
    const path = objectPath(kind, object.metadata.name);
    const [ordering] = objectsIn('contexts/ordering/bounded-context.yaml');
    const { body: made } = await ask({ method: 'POST', path: collectionPath(kind), body: object });
    const released = kind.spec.parse(ordering?.object.spec);
    const body = { ...made, status: { observedGeneration: 1, released } };
    const answer = await ask({ method: 'PUT', path: `${path}/status`, body });
    await ask({ method: 'DELETE', path });
    assert.equal(answer.status, 200, answer.body.message);
    assert.deepEqual(answer.body.status, { observedGeneration: 1, released, conditions: [] });
    assert.deepEqual(kind.status.parse(body.status), answer.body.status);
  });

  describe('when the samples are applied', () => {
    after(async () => void (await kubectl('delete', '-f', 'samples/', '--ignore-not-found')));

    it('changes nothing the second time', async () => {
      await kubectl('apply', '-f', 'samples/');
      const again = (await kubectl('apply', '-f', 'samples/')).trim().split('\n');
      assert.deepEqual(
        again.filter((line) => !line.endsWith(' unchanged')),
        [],
      );
      assert.equal(again.length, samples.flatMap(objectsIn).length);
    }).timeout(30_000);
  });
});
