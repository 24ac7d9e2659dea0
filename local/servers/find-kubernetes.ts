import { join } from 'node:path';
import { type Executable, fromPath, isExecutable, type Progress } from './executable.ts';
import { ServerNotFound } from './find-server.ts';
import { compileKubernetes, type KubernetesProgram, kubernetesFromCache } from './get-kubernetes.ts';

export type ControlPlanePrograms = { readonly etcd: Executable; readonly kubeApiServer: Executable };

/** Known from kubebuilder and controller-runtime, whose users have such a folder already. */
const variable = 'KUBEBUILDER_ASSETS';

const fromAssets = (program: KubernetesProgram): Executable | undefined => {
  const folder = process.env[variable];
  const command = join(folder ?? '', program);
  return folder && isExecutable(command) ? { command } : undefined;
};

/** Both from one place: an API server with another release's etcd is a pair that nobody has tried. */
const pairFrom = (
  lookUp: (program: KubernetesProgram) => Executable | undefined,
): ControlPlanePrograms | undefined => {
  const [etcd, kubeApiServer] = [lookUp('etcd'), lookUp('kube-apiserver')];
  return etcd && kubeApiServer ? { etcd, kubeApiServer } : undefined;
};

/** A variable that names something else is an error, not a reason to look further: someone meant that folder. */
const pairFromAssets = (): ControlPlanePrograms | undefined => {
  const folder = process.env[variable];
  const pair = pairFrom(fromAssets);
  if (!folder || pair) return pair;
  const missing = (['kube-apiserver', 'etcd'] as const).filter((program) => !fromAssets(program));
  throw new ServerNotFound(
    `${variable} names ${folder}, which holds no executable ${missing.join(' and no ')}; set it to a folder that holds kube-apiserver and etcd or unset it.`,
  );
};

/** Whatever `lookUp` finds, or would find after compiling. */
const orCompiled = async <T>(lookUp: () => T | undefined, progress: Progress): Promise<T> => {
  const found = lookUp();
  if (found) return found;
  try {
    await compileKubernetes(progress);
    const compiled = lookUp();
    if (!compiled) throw new Error('it was compiled, but the cache does not hold it');
    return compiled;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerNotFound(
      `cannot find or compile the programs of Kubernetes (${reason}); install Go 1.25 or later, or set ${variable} to a folder that holds kube-apiserver, etcd and kubectl.`,
      { cause },
    );
  }
};

/**
 * etcd and kube-apiserver. In this order: environment variable, PATH, this project's cache, compiled.
 * Throws `ServerNotFound`.
 */
export const findControlPlane = (progress: Progress): Promise<ControlPlanePrograms> =>
  orCompiled(() => pairFromAssets() ?? pairFrom(fromPath) ?? pairFrom(kubernetesFromCache), progress);

/**
 * From the same places, but the cache before PATH: many machines have a kubectl of another release than our API
 * server. A `KUBEBUILDER_ASSETS` without one is complete all the same. Throws `ServerNotFound`.
 */
export const findKubectl = (progress: Progress): Promise<Executable> =>
  orCompiled(() => fromAssets('kubectl') ?? kubernetesFromCache('kubectl') ?? fromPath('kubectl'), progress);
