import { join } from 'node:path';
import { fromCache, installIntoCache } from '../servers/cache.ts';
import { type Executable, fromPath, type Progress } from '../servers/executable.ts';
import { findGo, goEnvironment } from '../servers/find-go.ts';
import { ServerNotFound } from '../servers/find-server.ts';
import { runCommand } from '../servers/run-command.ts';

const VERSION = 'v3.22.0';
/** What `helm template` and `helm lint` take the cluster for; a released helm has such stamps too. */
const KUBERNETES = { Major: '1', Minor: '35' };

/** In this order: PATH, this project's cache, compiled from the Go module. @throws ServerNotFound */
export const findHelm = async (progress: Progress): Promise<Executable> => {
  const found = fromPath('helm') ?? fromCache(installation, 'helm');
  if (found) return found;
  return compile(progress).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerNotFound(
      `cannot find or compile helm (${reason}); install Helm 3.16 or later so that helm is on PATH, or Go 1.25 or later to compile it.`,
      { cause },
    );
  });
};

const installation = `helm-${VERSION}`;

let compiling: Promise<Executable> | undefined;

const compile = (progress: Progress): Promise<Executable> => {
  compiling ??= installIntoCache(
    installation,
    async (folder) => {
      const go = await findGo(progress);
      progress(`compiling Helm ${VERSION} from its Go module, this once: about 2 minutes …`);
      const stamps = ['lint/rules', 'chartutil'].flatMap((of) =>
        Object.entries(KUBERNETES).map(
          ([part, value]) => `-X helm.sh/helm/v3/pkg/${of}.k8sVersion${part}=${value}`,
        ),
      );
      const flags = ['-trimpath', '-ldflags', ['-s -w', ...stamps].join(' ')];
      await runCommand(go.command, ['install', ...flags, `helm.sh/helm/v3/cmd/helm@${VERSION}`], {
        env: { ...goEnvironment(), GOBIN: join(folder, 'bin'), GOFLAGS: '' },
      });
    },
    'helm',
  ).finally(() => {
    compiling = undefined;
  });
  return compiling;
};
