import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromCache, installIntoCache } from './cache.ts';
import type { Executable, Progress } from './executable.ts';
import { findGo, goEnvironment } from './find-go.ts';
import { runCommand } from './run-command.ts';

export type KubernetesProgram = 'etcd' | 'kube-apiserver' | 'kubectl';

/** They share most of what they are made of, so they are one binary that goes by the name it is called. */
const binaryName = 'kubernetes';

const programs: readonly KubernetesProgram[] = ['etcd', 'kube-apiserver', 'kubectl'];

const moduleFolder = fileURLToPath(new URL('./kubernetes', import.meta.url));

/** `v1.35.4`: go.mod alone says which. */
const version = (): string => {
  const found = /^\s*k8s\.io\/kubernetes (v\S+)$/m.exec(
    readFileSync(join(moduleFolder, 'go.mod'), 'utf8'),
  )?.[1];
  if (!found) throw new Error('local/servers/kubernetes/go.mod does not require k8s.io/kubernetes');
  return found;
};

const installation = (): string => `kubernetes-${version()}`;

export const kubernetesFromCache = (program: KubernetesProgram): Executable | undefined =>
  fromCache(installation(), program);

const minutesAndSeconds = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** Says every 30 s that it still works: nobody waits for minutes before a silent command. */
const reporting = async <T>(work: Promise<T>, progress: Progress): Promise<T> => {
  const start = performance.now();
  const elapsed = (): string => minutesAndSeconds(performance.now() - start);
  const timer = setInterval(() => progress(`still compiling Kubernetes, for ${elapsed()} now …`), 30_000);
  try {
    const outcome = await work;
    progress(`compiled Kubernetes in ${elapsed()}`);
    return outcome;
  } finally {
    clearInterval(timer);
  }
};

const build = async (go: Executable, binary: string): Promise<void> => {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version()) ?? [];
  const info = { gitVersion: version(), gitMajor: major, gitMinor: minor };
  const stamps = Object.entries(info).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
  const flags = ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags', ['-s -w', ...stamps].join(' ')];
  await runCommand(go.command, ['build', ...flags, '-o', binary, '.'], {
    cwd: moduleFolder,
    env: goEnvironment(),
  });
};

const compile = async (folder: string, progress: Progress): Promise<void> => {
  const go = await findGo(progress);
  progress(
    `compiling Kubernetes ${version()} and etcd from their Go modules, this once: about 6 minutes on two cores, this machine has ${availableParallelism()} …`,
  );
  const binary = join(folder, 'bin', binaryName);
  await reporting(build(go, binary), progress);
  for (const program of programs) await symlink(binaryName, join(folder, 'bin', program));
};

let compiling: Promise<unknown> | undefined;

/** Compiles all programs into the cache; once, however many ask at the same time. */
export const compileKubernetes = async (progress: Progress): Promise<void> => {
  compiling ??= installIntoCache(installation(), (folder) => compile(folder, progress), binaryName).finally(
    () => {
      compiling = undefined;
    },
  );
  await compiling;
};
