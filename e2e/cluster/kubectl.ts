import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findKubectl } from '../../local/servers/find-kubernetes.ts';
import { runCommand } from '../../local/servers/run-command.ts';

/** The release's. */
export const NAMESPACE = 'cadastre';

type Condition = { type: string; status: string; reason: string; message: string };
type Conditions = { status?: { conditions?: Condition[] } };
type Tenant = { status: { id: string; cell: string } };

/** On the cluster that KUBECONFIG names. */
export const kubectl = async (...args: string[]): Promise<string> =>
  await runCommand((await findKubectl(console.error)).command, args);

export const kubectlJson = async <T>(...args: string[]): Promise<T> =>
  JSON.parse(await kubectl(...args, '-o', 'json')) as T;

export const kubectlApply = async (yaml: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'cadastre-'));
  try {
    await writeFile(join(folder, 'objects.yaml'), yaml);
    await kubectl('apply', '-f', folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Merges into a resource's spec. */
export const patchSpec = async (kind: string, name: string, spec: object): Promise<void> =>
  void (await kubectl('patch', kind, name, '--type=merge', '-p', JSON.stringify({ spec })));

export const isReady = async (object: string, seconds = 180): Promise<void> =>
  void (await kubectl('wait', '--for=condition=Ready', object, `--timeout=${seconds}s`));

export const conditionOf = async (
  kind: string,
  name: string,
  wanted: string,
): Promise<Condition | undefined> => {
  const { status } = await kubectlJson<Conditions>('get', kind, name);
  return status?.conditions?.find(({ type }) => type === wanted);
};

/** Permanent id and cell. */
export const tenantOf = async (name: string): Promise<Tenant['status']> =>
  (await kubectlJson<Tenant>('get', 'tenant', name)).status;

export const namespaceOf = (cell: string): string => `cadastre-${cell}`;
