import assert from 'node:assert/strict';
import { tenantKind } from '../operator/api/tenant.ts';
import { onePodEach, type Pod } from './cluster/context-pods.ts';
import { complaintInWords } from './cluster/forward.ts';
import { meansCluster } from './cluster/options.ts';
import { rolloutLine } from './cluster/rollout.ts';
import { chosenOf } from './context-ports.ts';
import { namedIn } from './delete.ts';
import { age, duration } from './duration.ts';
import { eventLine } from './events/event-line.ts';
import { overlapping, sinceTimestamp } from './events/outbox-of.ts';
import { failureText, installArguments } from './helm.ts';
import { objectTable } from './resources/object-table.ts';
import { targetsOf } from './resources/targets.ts';
import { isReady } from './resources/until.ts';

const NOW = Date.parse('2026-01-02T00:00:00Z');
const tenant = (ready: Record<string, unknown> = {}, generation = 1) => ({
  apiVersion: 'cadastre.dev/v1alpha1',
  kind: 'Tenant',
  metadata: { name: 'acme', generation, creationTimestamp: '2026-01-01T23:57:00Z' },
  spec: { suspended: false, owner: 'ops@acme.example' },
  status: {
    observedGeneration: 1,
    id: 'acme-1',
    conditions: [{ type: 'Ready', status: 'True' as const, reason: 'Running', message: 'it runs', ...ready }],
  },
});

describe('targetsOf', () => {
  const said = (...words: string[]) => targetsOf(words).map(({ kind, name }) => [kind.kind, name]);
  it('takes a kind and names, a kind alone, and kind/name', () => {
    assert.deepEqual(said('Tenant', 'acme', 'solo'), [
      ['Tenant', 'acme'],
      ['Tenant', 'solo'],
    ]);
    assert.deepEqual(said('sub'), [['Subscription', undefined]]);
    assert.deepEqual(said('tenants.cadastre.dev/acme', 'bc/ordering'), [
      ['Tenant', 'acme'],
      ['BoundedContext', 'ordering'],
    ]);
  });
  it('refuses the two ways mixed, and half a name', () => {
    assert.throws(() => said('tenant/acme', 'solo'), /solo names no object/);
    assert.throws(() => said('tenant/'), /names no object/);
  });
});

describe('namedIn', () => {
  it('wants names, or files', async () => {
    await assert.rejects(namedIn([], undefined), /Say what to delete/);
    await assert.rejects(namedIn(['tenants'], undefined), /by name/);
    await assert.rejects(namedIn(['tenant', 'acme'], ['x.yaml']), /not both/);
  });
});

describe('objectTable', () => {
  it('has the columns of the kind, and all of them when wide', () => {
    const [head, row] = objectTable(tenantKind, [tenant()], { now: NOW }).split('\n');
    assert.deepEqual(head?.split(/ +/), ['NAME', 'ID', 'CELL', 'SUSPENDED', 'READY', 'REASON', 'AGE']);
    assert.deepEqual(row?.split(/ +/), ['acme', 'acme-1', 'false', 'True', 'Running', '3m']);
    assert.match(objectTable(tenantKind, [tenant()], { now: NOW, wide: true }), /ops@acme\.example +it runs/);
  });
});

describe('isReady', () => {
  it('is about the spec as it is now', () => {
    assert.equal(isReady(tenant()), true);
    assert.equal(isReady(tenant({ status: 'False' })), false);
    assert.equal(isReady(tenant({}, 2)), false);
  });
});

describe('duration and age', () => {
  it('read and write lengths of time', () => {
    assert.deepEqual(
      ['90s', '3m', '1h', '7d'].map((text) => duration(text).seconds),
      [90, 180, 3600, 604800],
    );
    for (const wrong of ['', '3', 'm', '-3m', '1.5h', '3w']) assert.throws(() => duration(wrong));
    const ago = (seconds: number) => age(new Date(NOW - seconds * 1_000).toISOString(), NOW);
    assert.deepEqual([0, 119, 120, 7_199, 7_200, 200_000].map(ago), ['0s', '119s', '2m', '119m', '2h', '2d']);
    assert.equal(age(undefined, NOW), '');
  });
});

describe('meansCluster', () => {
  it('takes a cluster when one is named, unless it is told otherwise', () => {
    assert.equal(meansCluster({}, {}), false);
    assert.equal(meansCluster({}, { KUBECONFIG: '/x' }), true);
    assert.equal(meansCluster({ kubeContext: 'x' }, {}), true);
    assert.equal(meansCluster({ local: true }, { KUBECONFIG: '/x' }), false);
  });
});

describe('onePodEach', () => {
  const pod = (
    name: string,
    { ready = true, phase = 'Running', leaving = false, port = 9_090 } = {},
  ): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'cadastre-pool-1',
      labels: { 'cadastre.dev/context': 'ordering', 'cadastre.dev/cell': 'pool-1' },
      ...(leaving && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    },
    spec: { containers: [{ ports: [{ name: 'admin', containerPort: port }] }] },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  });
  const chosen = (...pods: Pod[]) => onePodEach(pods).map(({ pod: name, port }) => [name, port]);
  it('prefers one that is ready, and asks none that goes or does not run', () => {
    assert.deepEqual(chosen(pod('a', { port: 9_191 }), pod('b', { ready: false })), [['a', 9_191]]);
    assert.deepEqual(chosen(pod('a', { leaving: true }), pod('b', { ready: false })), [['b', 9_090]]);
    assert.deepEqual(chosen(pod('a', { phase: 'Pending' })), []);
  });
});

describe('complaintInWords', () => {
  it('says what the kubelet means, and what to do', () => {
    const said =
      'error forwarding port 9090 to pod 41be: failed to connect to localhost:9090 inside namespace "41be", IPv4: dial tcp4 127.0.0.1:9090: connect: connection refused';
    assert.match(complaintInWords(said), /^nothing listens there; its pod may be starting.*retry/);
    assert.match(complaintInWords('no such container'), /^no such container; .*retry/);
    assert.equal(complaintInWords(''), '');
  });
});

describe('chosenOf', () => {
  const all = [
    { context: 'ordering', cell: 'pool-1' },
    { context: 'ordering', cell: 'solo' },
    { context: 'catalog' },
  ];
  it('narrows to a context and a cell, or says which there are', () => {
    assert.equal(chosenOf(all, { context: 'ordering' }, 'here').length, 2);
    assert.deepEqual(chosenOf(all, { context: 'ordering', cell: 'solo' }, 'here'), [all[1]]);
    assert.throws(
      () => chosenOf(all, { context: 'catalog', cell: 'solo' }, 'here'),
      /No context catalog in the cell solo runs here: choose one of pool-1\/ordering, solo\/ordering, catalog\./,
    );
  });
});

describe('an outbox', () => {
  it('is read from a Timestamp on, and again a little before where it ended', () => {
    assert.equal(sinceTimestamp(60, 100_000), 40n << 32n);
    assert.equal(sinceTimestamp(200, 100_000), 0n);
    assert.equal(overlapping((40n << 32n) + 7n), (35n << 32n) + 7n);
    assert.equal(overlapping(3n), 0n);
  });
  it('is a line per event', () => {
    const event = {
      time: 'T',
      type: 'ordering.order-placed.v1',
      tenant: 'acme-1',
      subject: 'order/1',
      sequence: '0000000012',
      id: 'e1',
    };
    assert.equal(eventLine(event), 'T  ordering.order-placed.v1  acme-1  order/1 #12  e1');
  });
});

describe('helm', () => {
  const options = { release: 'cadastre', namespace: 'cadastre', wait: true, timeout: duration('5m') };
  it('gets what was asked as arguments that cannot be taken for others', () => {
    const args = installArguments({ ...options, set: ['a=b; rm -rf'], values: ['-x'], kubeContext: 'kind' });
    assert.ok(args.includes('--set=a=b; rm -rf') && args.includes('--values=-x'));
    assert.ok(args.includes('--kube-context=kind') && args.includes('--timeout=300s'));
    assert.throws(() => installArguments({ ...options, release: '--force' }), /is no name for a release/);
    assert.throws(() => installArguments({ ...options, namespace: 'Big' }), /is no name for a release/);
  });
  it('is quoted in full, with a remedy', () => {
    const complaints = "Error: values don't meet the schema:\n- operator.replicas: must be >= 1\n";
    const text = failureText({ complaints, verb: 'upgrade', namespace: 'cadastre' });
    assert.match(text, /^Helm cannot install: values.*\n- operator\.replicas.*\n.*values\.schema\.json/);
  });
  it('tells how many pods are ready', () => {
    const operator = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'operator' } };
    const line = rolloutLine([{ ...operator, spec: { replicas: 2 }, status: { readyReplicas: 1 } }]);
    assert.equal(line, 'ready: operator 1/2');
    assert.equal(rolloutLine([]), '');
  });
});
