import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHelm } from '../local/helm/find-helm.ts';
import { freePort } from '../local/servers/free-port.ts';
import { beforeAllSpecs } from '../local/specs/root-hooks.ts';
import { tenantKind } from '../operator/api/tenant.ts';
import { type ServedKinds, serveKinds } from '../operator/api/testing/serve-kinds.ts';
import { objectPath } from '../operator/engine/resource.ts';
import { type Ran, runCadastre } from './testing/run-cadastre.ts';

// Compiling takes minutes, which no spec's timeout allows for. What goes wrong here, the spec that asks hears.
beforeAllSpecs(async () => void (await findHelm((line) => console.error(line)).catch(() => undefined)));

const tenantYaml = (name: string, spec = 'displayName: Ada, owner: ops@ada.example') =>
  `apiVersion: cadastre.dev/v1alpha1\nkind: Tenant\nmetadata: { name: ${name} }\nspec: { ${spec} }\n`;

describe('cadastre on a cluster', function () {
  this.timeout(30_000);
  let served: ServedKinds;
  let folder: string;
  const run = (args: string): Promise<Ran> =>
    runCadastre(args.split(' '), { KUBECONFIG: served.plane.kubeconfigFile });
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const apply = (yaml: string, options = ''): Promise<Ran> =>
    run(`apply -f ${file('given.yaml', yaml)}${options}`);
  const stored = async (name: string) =>
    (await served.call({ method: 'GET', path: objectPath(tenantKind, name) })) as {
      status: number;
      body: { spec?: Record<string, unknown>; metadata?: { uid?: string; generation?: number } };
    };
  const sayReady = async (name: string): Promise<void> => {
    const { body } = await stored(name);
    const status = {
      observedGeneration: body.metadata?.generation,
      conditions: [{ type: 'Ready', status: 'True', reason: 'Running', message: 'the Cell pool-1 runs it' }],
    };
    const answer = await served.call({
      method: 'PATCH',
      path: objectPath(tenantKind, name, 'status'),
      body: { status },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    assert.equal(answer.status, 200, answer.body.message);
  };

  before(async function () {
    this.timeout(120_000);
    served = await serveKinds();
    folder = mkdtempSync(join(tmpdir(), 'cadastre-cli-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe('when a file is applied', () => {
    it('says what was created, what is unchanged and what changed', async () => {
      const path = file('applied.yaml', tenantYaml('cli-applied'));
      assert.deepEqual(await run(`apply -f ${path}`), {
        code: 0,
        out: 'tenant/cli-applied created\n',
        err: '',
      });
      assert.equal((await run(`apply -f ${path}`)).out, 'tenant/cli-applied unchanged\n');
      const changed = tenantYaml('cli-applied', 'displayName: Bob, owner: ops@ada.example');
      const { out } = await apply(changed, ' --json');
      assert.deepEqual(JSON.parse(out), [{ kind: 'Tenant', name: 'cli-applied', is: 'changed' }]);
      assert.equal((await stored('cli-applied')).body.spec?.['displayName'], 'Bob');
    });
    it('applies the others when one is refused, and shows the sentence of the API server', async () => {
      const path = file(
        'half.yaml',
        [tenantYaml('cli-wrong', 'displayName: Ada, owner: nobody'), tenantYaml('cli-right')].join('---\n'),
      );
      const { code, out, err } = await run(`apply -f ${path}`);
      assert.equal(code, 1);
      assert.match(out, /^tenant\/cli-wrong refused: .*spec\.owner.*write the mail address/m);
      assert.match(out, /^tenant\/cli-right created$/m);
      assert.match(err, /1 of 2 refused/);
      assert.equal((await stored('cli-wrong')).status, 404);
    });
    it('says who owns a field that it does not take over', async () => {
      await served.call({
        method: 'PATCH',
        path: `${objectPath(tenantKind, 'cli-owned')}?fieldManager=portal`,
        body: JSON.parse(
          '{"apiVersion":"cadastre.dev/v1alpha1","kind":"Tenant","metadata":{"name":"cli-owned"},"spec":{"displayName":"Eve","owner":"ops@ada.example"}}',
        ),
        headers: { 'content-type': 'application/apply-patch+yaml' },
      });
      const refused = await apply(tenantYaml('cli-owned'));
      assert.equal(refused.code, 1);
      assert.match(refused.out, /"portal".*\.spec\.displayName.*--force/s);
      assert.equal((await apply(tenantYaml('cli-owned'), ' --force')).out, 'tenant/cli-owned changed\n');
    });
  });

  describe('when something is there', () => {
    before(async function () {
      this.timeout(30_000);
      const { code, err } = await apply(tenantYaml('cli-there'));
      assert.equal(code, 0, err);
      await sayReady('cli-there');
    });

    it('lists it with the columns of its kind', async () => {
      const { out } = await run('get tenant cli-there');
      const [head = '', row = ''] = out.split('\n');
      assert.match(head, /^NAME +ID +CELL +SUSPENDED +READY +REASON +AGE$/);
      assert.match(row, /^cli-there +false +True +Running +\d+s$/);
      const { out: json } = await run('get tenant/cli-there --json');
      assert.equal(JSON.parse(json)[0].metadata.name, 'cli-there');
    });
    it('describes it', async () => {
      const { out } = await run('describe tenant cli-there');
      assert.match(
        out,
        /^Tenant cli-there, made \d+s ago\nReady is True, Running: the Cell pool-1 runs it\n/,
      );
      assert.match(out, /owner: ops@ada\.example/);
    });
    it('waits until it is ready, and not longer than it was told', async () => {
      assert.equal((await run('wait tenant/cli-there')).out, 'tenant/cli-there is ready\n');
      await apply(tenantYaml('cli-there', 'displayName: New, owner: ops@ada.example'));
      const { code, err } = await run('wait tenant/cli-there --timeout 1s');
      assert.equal(code, 1);
      assert.match(err, /Not within 1s: tenant\/cli-there: Ready is True.*of the spec before/);
    });
    it('deletes it, and ends when it is gone', async () => {
      assert.equal((await run('delete tenant cli-there')).out, 'tenant/cli-there is deleted\n');
      assert.equal((await stored('cli-there')).status, 404);
      assert.equal((await run('wait tenant/cli-there --for deleted')).out, 'tenant/cli-there is gone\n');
      assert.equal((await run('delete tenant cli-there --ignore-not-found')).code, 0);
    });
  });

  const wrong: [string, string, RegExp][] = [
    [
      'a kind that there is not',
      'get pods',
      /There is no kind pods: write one of boundedcontexts or bc, plans/,
    ],
    ['an object that there is not', 'get tenant cli-nobody', /There is no tenant\/cli-nobody: cadastre get/],
    ['deleting what is not there', 'delete tenant cli-nobody', /There is no tenant\/cli-nobody/],
    ['deleting a whole kind', 'delete tenants', /Say which tenants to delete/],
    ['a file that does not exist', 'apply -f /nowhere/x.yaml', /cannot read .*x\.yaml: it does not exist/],
    ['a length of time that is none', 'wait tenants --timeout soon', /--timeout.*90s/],
    [
      'a kubeconfig that does not exist',
      'get tenants --kubeconfig /nowhere/kube',
      /cannot read the kubeconfig/,
    ],
    ['a context that the kubeconfig has not', 'get tenants --kube-context moon', /no context moon: choose/],
    ['a cluster without contexts', 'parked', /No context runs on this cluster: cadastre get/],
  ];
  for (const [what, args, says] of wrong) {
    it(`names the remedy for ${what}`, async () => {
      const { code, out, err } = await run(args);
      assert.equal(code, 1);
      assert.equal(out, '');
      assert.match(err, says);
      assert.doesNotMatch(err, /^ +at /m);
    });
  }

  describe('when Helm is asked', () => {
    it('gives the words of Helm and a remedy for a value that does not exist', async () => {
      const { code, out, err } = await run('install --set operator.replica=3 --namespace cli-helm');
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, /Helm cannot install: .*'?replica'?.*values\.schema\.json/s);
    });
    it('says that there is no such release', async () => {
      const { code, err } = await run('uninstall --release cli-none');
      assert.equal(code, 1);
      assert.match(err, /Helm cannot look at the release: .*not found.*helm list/s);
    });
  });

  const noResources: [string, string, RegExp][] = [
    ['YAML that is none', 'kind: [', /cannot read .*given.yaml/],
    ['text', 'hello', /given.yaml holds something that is no resource; write apiVersion/],
    ['nothing', '---\n', /There is no resource in .*given.yaml/],
    ['another program’s kind', 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }', /apply it with kubectl/],
    [
      'a kind of an older version',
      'apiVersion: cadastre.dev/v1\nkind: Tenant\nmetadata: { name: x }',
      /v1alpha1/,
    ],
    [
      'a resource in a namespace',
      'apiVersion: cadastre.dev/v1alpha1\nkind: Tenant\nmetadata: { name: x, namespace: y }',
      /leave metadata\.namespace out/,
    ],
  ];
  for (const [what, yaml, says] of noResources) {
    it(`refuses to apply ${what}`, async () => {
      const { code, err } = await apply(yaml);
      assert.equal(code, 1);
      assert.match(err, says);
    });
  }

  it('says that no cluster can be reached, and which', async () => {
    const port = await freePort();
    const config = file(
      'away.kubeconfig',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'away',
        clusters: [{ name: 'away', cluster: { server: `http://127.0.0.1:${port}` } }],
        users: [{ name: 'me', user: { token: 'none' } }],
        contexts: [{ name: 'away', context: { cluster: 'away', user: 'me' } }],
      }),
    );
    const { code, err } = await run(`get tenants --kubeconfig ${config}`);
    assert.equal(code, 1);
    assert.match(err, new RegExp(`cannot reach the API server at http://127.0.0.1:${port}: .*Check that`));
  });

  it('says that no cluster is named', async () => {
    const { code, err } = await runCadastre(['get', 'tenants']);
    assert.equal(code, 1);
    assert.match(err, /No cluster is named: set KUBECONFIG/);
  });
});
