import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { readConfig } from '../../../kit/service/config.ts';
import { accessIn } from '../access.ts';
import { anAccess, aRelease, aRunningContext, desired, OPTIONS, observing } from '../testing/given.ts';
import { aCell } from '../testing/objects.ts';

const cell = aCell({ spec: { quotas: { replicas: 4, cpu: '4', memory: '8Gi', storage: '10Gi' } } });
const shown = desired(cell, observing([aRunningContext('ordering')]));
const deployment = shown.child('Deployment', 'ordering');
const { template, ...spec } = deployment.spec;
const [container] = template.spec.containers;

type Variable = { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } };

/** As the kubelet makes it. */
const environment = (): Record<string, string> =>
  Object.fromEntries(
    container.env.map(({ name, value, valueFrom }: Variable) => {
      const { name: from = '', key = '' } = valueFrom?.secretKeyRef ?? {};
      return [name, value ?? Buffer.from(shown.child('Secret', from).data[key], 'base64').toString()];
    }),
  );

describe('the Deployment of a context', () => {
  it('runs the released image', () => equal(container.image, 'ordering:1'));

  it('gives the process what its contract asks for, and nothing else', () => {
    const config = readConfig(environment());
    const access = accessIn(shown.child('Secret', 'ordering'));
    deepEqual(config, {
      PORT: { port: 8080 },
      ADMIN_PORT: { port: 9090 },
      METRICS_PORT: { port: 9091 },
      MONGODB_URI: access?.mongodbUri,
      MONGODB_DATABASE: 'acme-ordering',
      REDIS_URL: access?.redisUrl,
      REDIS_PREFIX: '{acme-ordering}',
      CADASTRE_MAP: '/etc/cadastre/map.json',
      CADASTRE_CELL: 'acme',
      LOG_LEVEL: 'info',
    });
    deepEqual(Object.keys(environment()), Object.keys(config));
    equal(template.spec.enableServiceLinks, false);
  });

  it('mounts the map as a folder, so that the process sees it change', () => {
    const mount = container.volumeMounts.find(({ name }: { name: string }) => name === 'map');
    deepEqual(mount, { name: 'map', mountPath: '/etc/cadastre', readOnly: true });
    ok('map.json' in shown.child('ConfigMap', 'context-map').data);
  });

  it('writes nowhere but in /tmp, and is nobody special', () => {
    deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    equal(template.spec.securityContext.runAsNonRoot, true);
    deepEqual(template.spec.volumes[0], { name: 'tmp', emptyDir: { sizeLimit: '100Mi' } });
  });

  it('has no token of the API server', () => {
    equal(template.spec.automountServiceAccountToken, false);
    equal(
      shown.child('ServiceAccount', template.spec.serviceAccountName).automountServiceAccountToken,
      false,
    );
  });

  it('is asked on its admin port whether it lives and is ready', () => {
    deepEqual(container.livenessProbe.httpGet, { path: '/livez', port: 'admin' });
    deepEqual(container.readinessProbe.httpGet, { path: '/readyz', port: 'admin' });
  });

  it('has time to drain: 20 s after the Service has forgotten it', () =>
    ok(template.spec.terminationGracePeriodSeconds > 20 + container.lifecycle.preStop.sleep.seconds));

  it('starts a new pod before it ends an old one, and gives up after the deadline of the options', () => {
    deepEqual(spec.strategy.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 });
    equal(spec.progressDeadlineSeconds, 180);
    const options = { ...OPTIONS, progressDeadlineSeconds: 30 };
    const impatient = desired(cell, observing([aRunningContext('ordering')]), options);
    equal(impatient.child('Deployment', 'ordering').spec.progressDeadlineSeconds, 30);
  });

  it('restarts pods when their credentials change, not when the map does', () => {
    const templateOf = (...args: Parameters<typeof observing>) =>
      JSON.stringify(desired(cell, observing(...args)).child('Deployment', 'ordering').spec.template);
    const before = templateOf([aRunningContext('ordering')]);
    equal(templateOf([aRunningContext('ordering'), aRunningContext('shipping')]), before);
    equal(templateOf([aRunningContext('ordering')], { tenants: [] }), before);
    notEqual(templateOf([aRunningContext('ordering', { stored: anAccess('acme-ordering', 'new') })]), before);
  });

  it('selects by labels that no version changes', () => {
    const labels = { 'cadastre.dev/cell': 'acme', 'cadastre.dev/context': 'ordering' };
    deepEqual(spec.selector, { matchLabels: labels });
    deepEqual(shown.child('Service', 'ordering').spec.selector, labels);
    deepEqual(shown.child('PodDisruptionBudget', 'ordering').spec.selector, { matchLabels: labels });
    const updated = aRunningContext('ordering', { wanted: aRelease('ordering:2', { version: '2.0.0' }) });
    const after = desired(cell, observing([updated])).child('Deployment', 'ordering').spec.template.metadata;
    deepEqual(after.labels, template.metadata.labels);
  });
});

describe('what stands beside a Deployment', () => {
  it('is a Service of the API alone', () => {
    const { ports } = shown.child('Service', 'ordering').spec;
    deepEqual(ports, [{ name: 'api', port: 80, targetPort: 'api', protocol: 'TCP' }]);
  });
  it('is an autoscaler within the quotas', () => {
    const { minReplicas, maxReplicas, scaleTargetRef } = shown.child(
      'HorizontalPodAutoscaler',
      'ordering',
    ).spec;
    deepEqual([minReplicas, maxReplicas, scaleTargetRef.name], [2, 4, 'ordering']);
  });
  it('is a disruption budget that a single replica does not block', () =>
    equal(shown.child('PodDisruptionBudget', 'ordering').spec.maxUnavailable, 1));
});
