import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHelm } from '../local/helm/find-helm.ts';
import { findControlPlane } from '../local/servers/find-kubernetes.ts';
import { type ControlPlane, startControlPlane } from '../local/servers/start-control-plane.ts';
import { beforeAllSpecs } from '../local/specs/root-hooks.ts';
import { KINDS } from '../operator/api/kinds.ts';
import { tenantKind } from '../operator/api/tenant.ts';
import { type ApiServer, callApiServer } from '../operator/api/testing/call-api-server.ts';
import { definitionPath } from '../operator/api/testing/serve-kinds.ts';
import { objectPath } from '../operator/engine/resource.ts';
import { type Ran, runCadastre } from './testing/run-cadastre.ts';

const progress = (line: string) => console.error(line);
beforeAllSpecs(async () => void (await findHelm(progress).catch(() => undefined)));
beforeAllSpecs(async () => void (await findControlPlane(progress).catch(() => undefined)));

const TENANT =
  'apiVersion: cadastre.dev/v1alpha1\nkind: Tenant\nmetadata: { name: acme }\nspec: { displayName: Acme, owner: ops@acme.example }\n';
const NAMESPACE = '/api/v1/namespaces/cadastre';
const SECRET = `${NAMESPACE}/secrets/cadastre-mongodb`;

// A cluster of its own, since a release owns the kinds. It has no controllers, so no pod is ever ready.
describe('cadastre install and uninstall', function () {
  this.timeout(60_000);
  let plane: ControlPlane;
  let call: ApiServer;
  let folder: string;
  const run = (args: string): Promise<Ran> =>
    runCadastre(args.split(' '), { KUBECONFIG: plane.kubeconfigFile });
  const succeeds = async (args: string): Promise<Ran> => {
    const ran = await run(args);
    assert.equal(ran.code, 0, ran.err);
    return ran;
  };
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const statusOf = async (path: string): Promise<number> => (await call({ method: 'GET', path })).status;
  const kindsThere = async (): Promise<number> => {
    const found = await Promise.all(KINDS.map((kind) => statusOf(definitionPath(kind))));
    return found.filter((status) => status === 200).length;
  };
  const replicas = async (): Promise<unknown[]> =>
    Promise.all(
      ['cadastre-operator', 'cadastre-relay'].map(async (name) => {
        const path = `/apis/apps/v1/namespaces/cadastre/deployments/${name}`;
        return ((await call({ method: 'GET', path })).body as { spec?: { replicas: number } }).spec?.replicas;
      }),
    );
  const password = async (): Promise<unknown> => {
    const { body } = await call({ method: 'GET', path: SECRET });
    return (body as { data?: { password?: string } }).data?.password;
  };

  before(async function () {
    this.timeout(120_000);
    plane = await startControlPlane({ progress, onExit: progress });
    call = callApiServer(plane);
    folder = mkdtempSync(join(tmpdir(), 'cadastre-install-'));
  });
  after(async () => {
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('when the values are wrong', () => {
    const wrong: [string, () => string, RegExp][] = [
      [
        'a file that does not exist',
        () => '--values /nowhere/mine.yaml',
        /^Helm cannot install: open \/nowhere\/mine\.yaml: no such file.*\nName a YAML file/m,
      ],
      [
        'a file that is no YAML',
        () => `--values ${file('bad.yaml', 'operator: [')}`,
        /^Helm cannot install: .*bad\.yaml: .*line 1.*\nPut the YAML right/m,
      ],
      [
        'values that there are not',
        () => `--values ${file('wrong.yaml', 'operator: { replica: 3 }\n')}`,
        /^Helm cannot install: [\s\S]*'?replica'?[\s\S]*values\.schema\.json/m,
      ],
      ['a --set that says nothing', () => '--set operator', /^Helm cannot install: [\s\S]*operator/m],
    ];
    for (const [what, args, says] of wrong) {
      it(`refuses ${what}, with one error and without a trace`, async () => {
        const { code, out, err } = await run(`install --no-wait ${args()}`);
        assert.deepEqual([code, out], [1, '']);
        assert.match(err, says);
        assert.equal(err.match(/cannot/g)?.length, 1, err);
        assert.equal(await statusOf(NAMESPACE), 404);
        assert.equal(await kindsThere(), 0);
      });
    }
  });

  describe('when it is installed', () => {
    before(async () => {
      const values = file('values.yaml', 'operator: { replicas: 3, logLevel: debug }\n');
      const { out, err } = await succeeds(
        `install --no-wait --values ${values} --set relay.replicas=1,redis.storage=1Gi --timeout 30s --json`,
      );
      assert.deepEqual(JSON.parse(out), {
        release: 'cadastre',
        namespace: 'cadastre',
        revision: 1,
        status: 'deployed',
      });
      assert.match(err, /^installing cadastre in cadastre …$/m);
    });

    it('has what the values say, and the kinds', async () => {
      assert.deepEqual(await replicas(), [3, 1]);
      assert.equal(await kindsThere(), KINDS.length);
    });
    it('is changed by the same command, keeps what it was told before, and says what to do next', async () => {
      const given = await password();
      const { out } = await succeeds('install --no-wait --set relay.replicas=5');
      assert.match(out, /is installed as cadastre in cadastre[\s\S]*kubectl apply -f samples/);
      assert.deepEqual(await replicas(), [3, 5]);
      assert.equal(await password(), given);
      await succeeds('install --no-wait --reset-values --set redis.storage=1Gi');
      assert.deepEqual(await replicas(), [2, 2]);
    });
    it('says that a volume keeps its size', async () => {
      const { code, err } = await run('install --no-wait --set redis.storage=3Gi');
      assert.equal(code, 1);
      assert.match(err, /statefulset[\s\S]*give mongodb\.storage and redis\.storage as at first/);
    });
    it('tells how many pods are ready, and what to look at when they are not in time', async () => {
      const { code, err } = await run('install --timeout 4s');
      assert.equal(code, 1);
      assert.match(err, /^ready: .*cadastre-operator 0\/2/m);
      assert.match(err, /^Helm cannot install: [\s\S]*kubectl get pods --namespace cadastre/m);
    });
    it('leaves a second release alone that would take its kinds', async () => {
      const { code, err } = await run('install --no-wait --release other --namespace other');
      assert.equal(code, 1);
      assert.match(err, /invalid ownership[\s\S]*--set crds\.enabled=false/);
    });
  });

  describe('when it is uninstalled', () => {
    let given: unknown;
    before(async () => {
      given = await password();
      await succeeds(`apply -f ${file('tenant.yaml', TENANT)}`);
      const claim = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name: 'data-cadastre-mongodb-0',
          // As the StatefulSet's controller makes it.
          labels: { 'app.kubernetes.io/name': 'cadastre', 'app.kubernetes.io/instance': 'cadastre' },
        },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      };
      const path = `${NAMESPACE}/persistentvolumeclaims`;
      const { status, body } = await call({ method: 'POST', path, body: claim });
      assert.equal(status, 201, body.message);
    });

    it('is refused while there are tenants', async () => {
      const { code, err } = await run('uninstall');
      assert.equal(code, 1);
      assert.match(err, /only the operator can take away \(tenants: 1\).*--keep-tenants/);
    });
    it('keeps kinds, tenants and data, and says so', async () => {
      const { out } = await succeeds('uninstall --keep-tenants');
      assert.match(out, /^cadastre is uninstalled from cadastre\.$/m);
      assert.match(out, /The kinds stay[\s\S]*kubectl delete crd .*tenants\.cadastre\.dev/);
      assert.match(out, /\(data-cadastre-mongodb-0, cadastre-mongodb\)[\s\S]*kubectl delete pvc,secret/);
      assert.equal(await statusOf(objectPath(tenantKind, 'acme')), 200);
      assert.equal(await statusOf('/apis/apps/v1/namespaces/cadastre/deployments/cadastre-operator'), 404);
    });
    it('is installed again over what stayed, whose password still fits', async () => {
      await succeeds('install --no-wait --set crds.keep=false');
      assert.equal(await password(), given);
    });
    it('is refused while anything is applied of kinds that would go', async () => {
      const { code, err } = await run('uninstall --keep-tenants');
      assert.equal(code, 1);
      assert.match(err, /crds\.keep=false.*tenants: 1.*--set crds\.keep=true/);
      assert.equal(await kindsThere(), KINDS.length);
    });
    it('takes the kinds away when it was told so', async () => {
      await succeeds('delete tenant acme');
      const { out } = await succeeds('uninstall --json');
      assert.deepEqual(JSON.parse(out).stays.kinds, []);
      assert.equal(await kindsThere(), 0);
    });
  });
});
