import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CONTEXTS } from '../local/contexts.ts';
import { testControlPlane } from '../local/servers/control-plane-for-tests.ts';
import { projectFolder } from '../local/source-files.ts';
import { boundedContextKind } from '../operator/api/bounded-context.ts';
import { type Cluster, openCluster } from '../operator/tenant/testing/cluster.ts';

const run = promisify(execFile);

type Ended = { readonly code: number; readonly out: string; readonly error: string };

/** The command as a user runs it. */
const cadastre = async (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> => {
  const options = { cwd: projectFolder, env: { ...process.env, ...env } };
  try {
    const { stdout, stderr } = await run(process.execPath, ['cli/main.ts', ...args], options);
    return { code: 0, out: stdout, error: stderr };
  } catch (error) {
    const {
      code = -1,
      stdout = '',
      stderr = '',
    } = error as { code?: number; stdout?: string; stderr?: string };
    return { code, out: stdout, error: stderr };
  }
};

const reader = (field: string): string => `
apiVersion: cadastre.dev/v1alpha1
kind: BoundedContext
metadata: { name: loyalty }
spec:
  version: 1.0.0
  image: shop/loyalty:1.0.0
  upstreams:
    - context: ordering
      relation: CustomerSupplier
      consumes:
        - type: ordering.order-placed.v1
          reads: { type: object, properties: { ${field}: { type: string } }, required: [${field}] }
`;

describe('the commands map and check', function () {
  // Processes, one after the other.
  this.timeout(60_000);
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cadastre-'));
    file = join(folder, 'loyalty.yaml');
  });
  after(() => rm(folder, { recursive: true }));

  it('find that the contexts of this repository fit', async () => {
    assert.equal((await cadastre(['check'])).code, 0);
    const { code, out } = await cadastre(['map', '--json']);
    assert.equal(code, 0);
    const names = JSON.parse(out).contexts.map(({ name }: { name: string }) => name);
    assert.deepEqual(names.toSorted(), [...CONTEXTS.map(({ name }) => name), 'platform'].toSorted());
  });
  it('end with 1 when a new context does not fit what is released, and say why', async () => {
    await writeFile(file, reader('nothing'));
    const { code, out } = await cadastre(['check', '--file', file, '--against', 'samples', '--json']);
    assert.equal(code, 1);
    const { fits, contexts } = JSON.parse(out);
    assert.equal(fits, false);
    assert.equal(contexts[0].faults[0].reason, 'SchemaIncompatible');
    await writeFile(file, reader('customer'));
    assert.equal((await cadastre(['check', '--file', file, '--against', 'samples'])).code, 0);
  });
  it('take what a commit has as released', async () => {
    const git = (...args: string[]) => run('git', ['-C', folder, ...args]);
    await writeFile(
      join(folder, 'bounded-context.yaml'),
      await readFile(join(projectFolder, 'samples/bounded-contexts.yaml')),
    );
    await git('init', '--quiet');
    await git('add', 'bounded-context.yaml');
    await git(
      '-c',
      'user.name=Spec',
      '-c',
      'user.email=spec@example.org',
      'commit',
      '--quiet',
      '-m',
      'Release',
    );
    await writeFile(file, reader('customer'));
    for (const against of ['HEAD', 'HEAD:bounded-context.yaml']) {
      const args = ['check', '--file', file, '--against', against];
      const { code, out } = await cadastre(args, { GIT_DIR: join(folder, '.git') });
      assert.equal(code, 0, out);
      assert.match(out, /^loyalty +1\.0\.0 +fits$/m);
      assert.match(out, /^ordering .* fits$/m);
    }
  });
  it('say in a sentence what they cannot do', async () => {
    const cases: [string[], RegExp][] = [
      [['check', '--against', 'no-such-commit'], /no such file, and git says/],
      [['map', '--file', 'no-such-file.yaml'], /it does not exist/],
      [['check', '--cluster', '--file', 'samples'], /Name files with --file, or a cluster, not both/],
      [['map', '--file', 'samples/plans.yaml'], /there is no BoundedContext in samples\/plans\.yaml/],
    ];
    for (const [args, says] of cases) {
      const { code, error } = await cadastre(args);
      assert.equal(code, 1);
      assert.match(error, says);
      assert.doesNotMatch(error, /\n +at /);
    }
    const { code, error } = await cadastre(['map', '--cluster'], { KUBECONFIG: join(folder, 'none') });
    assert.deepEqual([code, /cannot read the kubeconfig .*none.*--kubeconfig/.test(error)], [1, true]);
  });

  describe('of a cluster', () => {
    let cluster: Cluster;
    let env: Record<string, string>;
    before(async function () {
      this.timeout(120_000);
      cluster = await openCluster();
      env = { KUBECONFIG: (await testControlPlane()).kubeconfigFile };
      for (const name of ['mapped', 'reader']) {
        const upstreams = name === 'reader' ? [{ context: 'mapped', relation: 'Conformist' }] : [];
        await cluster.make(boundedContextKind, {
          apiVersion: 'cadastre.dev/v1alpha1',
          kind: 'BoundedContext',
          metadata: { name },
          ...{ spec: { version: '1.0.0', image: 'shop/mapped:1.0.0', upstreams } },
        });
      }
    });
    after(() => cluster.stop());

    it('show what is applied there', async () => {
      const { out } = await cadastre(['map', '--cluster'], env);
      assert.match(out, /^reader +1\.0\.0 +mapped +Conformist/m);
      assert.match((await cadastre(['check', '--cluster'], env)).out, /^reader +1\.0\.0 +fits$/m);
    });
    it('take the cluster that an option names, as all commands do', async () => {
      const { KUBECONFIG: kubeconfig = '' } = env;
      const { out } = await cadastre(['check', '--kubeconfig', kubeconfig]);
      assert.match(out, /^reader +1\.0\.0 +fits$/m);
      const { code, error } = await cadastre(['map', '--kubeconfig', kubeconfig, '--kube-context', 'moon']);
      assert.deepEqual([code, /no context moon: choose one of/.test(error)], [1, true]);
    });
  });
});
