import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findKubectl } from '../../local/servers/find-kubernetes.ts';
import { freePort } from '../../local/servers/free-port.ts';
import { runCommand } from '../../local/servers/run-command.ts';

const progress = (line: string) => console.error(line);

/** On the cluster that KUBECONFIG names. */
export const kubectl = async (...args: string[]): Promise<string> =>
  await runCommand((await findKubectl(progress)).command, args);

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

/** The base URL of a Service's port on this machine, for as long as `use` takes. */
export const forwarded = async <T>(
  { namespace, service, port }: { namespace: string; service: string; port: number },
  use: (url: string) => Promise<T>,
): Promise<T> => {
  const local = await freePort();
  const { command } = await findKubectl(progress);
  const args = [
    'port-forward',
    '-n',
    namespace,
    `service/${service}`,
    `${local}:${port}`,
    '--address',
    '127.0.0.1',
  ];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => {
        throw new Error(`cannot forward a port to ${service} in ${namespace}: see above`);
      }),
    ]);
    return await use(`http://127.0.0.1:${local}`);
  } finally {
    child.kill();
  }
};
