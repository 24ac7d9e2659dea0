import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import {
  API_PORT,
  CELL_LABEL,
  CONTEXT_LABEL,
  PLATFORM_CELL,
  podSelectorOf,
} from '../../operator/cell/names.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { platform } from '../../operator/events/language.ts';
import { testControlPlane } from '../servers/control-plane-for-tests.ts';
import { findKubectl } from '../servers/find-kubernetes.ts';
import { runCommand } from '../servers/run-command.ts';
import { projectFolder, sourceFiles } from '../source-files.ts';
import { beforeAllSpecs } from '../specs/root-hooks.ts';
import { findHelm } from './find-helm.ts';

const progress = (line: string) => console.error(line);
beforeAllSpecs(async () => void (await findHelm(progress).catch(() => undefined)));

const CHART = 'charts/cadastre';
const INGRESS = `${CHART}/ci/ingress-values.yaml`;
const helm = async (...args: string[]): Promise<string> =>
  await runCommand((await findHelm(progress)).command, args, { cwd: projectFolder });
const render = async (...args: string[]): Promise<string> =>
  await helm('template', 'cadastre', CHART, '--namespace', 'cadastre', ...args);
const rendered = async (...args: string[]) =>
  parseAllDocuments(await render(...args)).flatMap(
    (document) => (document.toJS() ?? []) as KubeObject | never[],
  );

type Workload = KubeObject & {
  spec: {
    template: {
      metadata: { labels: Record<string, string> };
      spec: { securityContext: object; containers: { name: string; securityContext: object }[] };
    };
  };
};
const isWorkload = (object: KubeObject): object is Workload =>
  ['Deployment', 'StatefulSet'].includes(object.kind);

describe('the chart', () => {
  for (const values of sourceFiles(`${CHART}/ci/*.yaml`)) {
    describe(`with ${values}`, () => {
      it('passes the strict lint', async () => {
        assert.match(await helm('lint', '--strict', CHART, '--values', values), /0 chart\(s\) failed/);
      });
      it('has nothing that the API server refuses', async () => {
        const plane = await testControlPlane();
        const kubectl = await findKubectl(progress);
        const objects = (await rendered('--values', values)).filter(({ kind }) => !/Monitor$/.test(kind));
        const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
        const access = ['--kubeconfig', plane.kubeconfigFile];
        const command = `${kubectl.command} ${access.join(' ')}`;
        await runCommand('sh', [
          '-c',
          `${command} create namespace cadastre --dry-run=client -o yaml | ${command} apply -f -`,
        ]);
        const applied = await runCommand(
          'sh',
          ['-c', `printf %s "$LIST" | ${command} apply --dry-run=server -n cadastre -f -`],
          {
            env: { ...process.env, LIST: list },
          },
        );
        assert.equal(applied.trim().split('\n').length, objects.length);
      });
      it('runs nothing as root, with privileges or on a writable root file system', async () => {
        const workloads = (await rendered('--values', values)).filter(isWorkload);
        assert.ok(workloads.length >= 2);
        for (const { spec } of workloads) {
          const { securityContext, containers } = spec.template.spec;
          assert.deepEqual(
            [securityContext],
            [
              {
                runAsNonRoot: true,
                runAsUser: 1000,
                runAsGroup: 1000,
                fsGroup: 1000,
                seccompProfile: { type: 'RuntimeDefault' },
              },
            ],
          );
          for (const container of containers) {
            const { securityContext: own } = container;
            assert.deepEqual(own, {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            });
          }
        }
      });
    });
  }

  it('lets the operator touch nothing beyond what cells are made of', async () => {
    const roles = (await rendered()).filter(({ kind }) => kind.endsWith('Role')) as (KubeObject & {
      rules: { resources: string[]; verbs: string[] }[];
    })[];
    const rules = roles.flatMap((role) => role.rules);
    assert.ok(rules.length > 5);
    assert.deepEqual(
      rules.filter(({ resources, verbs }) => [...resources, ...verbs].includes('*')),
      [],
    );
    assert.deepEqual(
      rules.filter(({ resources }) => resources.some((one) => one.includes('roles'))),
      [],
    );
    const onPods = roles.filter((role) => role.rules.some(({ resources }) => resources.includes('pods')));
    const verbs = onPods
      .flatMap((role) => role.rules)
      .find(({ resources }) => resources.includes('pods'))?.verbs;
    // In its own namespace, to wake the relay's when the map has changed.
    assert.deepEqual([onPods.map(({ kind }) => kind), verbs], [['Role'], ['list', 'patch']]);
  });
  it('has the operator found as the context platform, by whoever asks for parked events and traces', async () => {
    const operators = (await rendered())
      .filter(isWorkload)
      .filter(({ metadata }) => metadata.name.endsWith('-operator'));
    const labels = operators.map(({ spec }) => spec.template.metadata.labels);
    assert.deepEqual(
      labels.map((one) => [one[CELL_LABEL], one[CONTEXT_LABEL]]),
      [[PLATFORM_CELL, platform.context]],
    );
  });
  it('tells the operator which credentials for registries the pods of contexts need, too', async () => {
    const named = ['--set', 'imagePullSecrets[0].name=registry', '--set', 'imagePullSecrets[1].name=mirror'];
    assert.match(await render(...named), /name: IMAGE_PULL_SECRETS, value: "registry,mirror"/);
    assert.doesNotMatch(await render(), /IMAGE_PULL_SECRETS/);
  });
  it('has no Service for the admin port, and lets metrics be collected by the namespace that is named', async () => {
    const named = ['--set', 'serviceMonitor.enabled=true', '--set', 'serviceMonitor.namespace=monitoring'];
    const objects = await rendered(...named);
    const services = objects.filter(({ kind }) => kind === 'Service') as (KubeObject & {
      spec: { ports: { port: number }[] };
    })[];
    assert.ok(services.length >= 2);
    assert.ok(services.every(({ spec }) => spec.ports.every(({ port }) => port !== 9090)));
    assert.deepEqual(objects.flatMap(({ kind }) => (/Monitor$/.test(kind) ? kind : [])).sort(), [
      'PodMonitor',
      'ServiceMonitor',
    ]);
    assert.match(await render(...named), /METRICS_NAMESPACE, value: "monitoring"/);
    assert.match(await render(...named), /kubernetes.io\/metadata.name: "monitoring"/);
    assert.doesNotMatch(
      await render(),
      /METRICS_NAMESPACE|namespaceSelector: \{ matchLabels: \{ kubernetes.io/,
    );
  });
  it('lets nobody in from outside unless it is told how', async () =>
    assert.ok((await rendered()).every(({ kind }) => kind !== 'Ingress')));
  it('lets programs in to the front door, and people to the portal, by the Services of both', async () => {
    type Path = { path: string; backend: { service: { name: string; port: { name: string } } } };
    type Ingress = KubeObject & {
      spec: {
        ingressClassName: string;
        tls: object[];
        rules: { host: string; http: { paths: Path[] } }[];
      };
    };
    const objects = await rendered('--values', INGRESS);
    const [ingress] = objects.filter(({ kind }) => kind === 'Ingress') as Ingress[];
    const routes = ingress?.spec.rules.flatMap(({ host, http }) =>
      http.paths.map(
        ({ path, backend: { service } }) => `${host}${path} ${service.name}:${service.port.name}`,
      ),
    );
    assert.deepEqual(routes, [
      'api.example.com/api cloud:api',
      'portal.example.com/portal subscriptions:api',
      'portal.example.com/v1 subscriptions:api',
    ]);
    assert.deepEqual(
      [ingress?.spec.ingressClassName, ingress?.spec.tls],
      ['nginx', [{ hosts: ['api.example.com', 'portal.example.com'], secretName: 'cadastre-tls' }]],
    );
  });
  it('lets the namespace of the Ingress controller call the portal', async () => {
    type Policy = KubeObject & { spec: { podSelector: { matchLabels: object }; ingress: object[] } };
    const policyIn = async (...args: string[]) =>
      ((await rendered(...args)) as Policy[]).find(({ metadata }) => metadata.name === 'cadastre-portal')
        ?.spec;
    const spec = await policyIn('--values', INGRESS);
    assert.deepEqual(spec?.podSelector.matchLabels, podSelectorOf(PLATFORM_CELL, 'subscriptions'));
    assert.deepEqual(spec?.ingress, [
      {
        ports: [{ port: API_PORT, protocol: 'TCP' }],
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }],
      },
    ]);
    assert.equal(await policyIn('--values', INGRESS, '--set', 'networkPolicy.enabled=false'), undefined);
  });
  it('keeps the kinds on uninstall unless it is told otherwise', async () => {
    const kinds = async (...args: string[]) =>
      (await rendered(...args)).filter(({ kind }) => kind === 'CustomResourceDefinition');
    assert.equal((await kinds()).length, 5);
    const policy = ({ metadata }: KubeObject) => metadata.annotations?.['helm.sh/resource-policy'];
    assert.deepEqual((await kinds()).map(policy), Array(5).fill('keep'));
    assert.deepEqual((await kinds('--set', 'crds.keep=false')).map(policy), Array(5).fill(undefined));
    assert.deepEqual(await kinds('--set', 'crds.enabled=false'), []);
  });

  const wrong: [string, string[], RegExp][] = [
    ['a value that does not exist', ['--set', 'operator.replica=3'], /replica/],
    ['a server of your own without its Secret', ['--set', 'mongodb.embedded=false'], /secretName/],
    ['an Ingress without a name for programs', ['--values', INGRESS, '--set', 'ingress.apiHost='], /apiHost/],
    [
      'an Ingress without one for people',
      ['--values', INGRESS, '--set', 'ingress.portalHost='],
      /portalHost/,
    ],
    [
      'an Ingress whose controller is nowhere',
      ['--values', INGRESS, '--set', 'ingress.controllerNamespace='],
      /controllerNamespace/,
    ],
    ['a log level that does not exist', ['--set', 'relay.logLevel=loud'], /logLevel/],
  ];
  for (const [what, args, says] of wrong) {
    it(`refuses ${what}`, () => assert.rejects(render(...args), says));
  }
});
