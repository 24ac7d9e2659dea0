// All that this project asks of Helm. README.md says why the npm package helm-ts is not used.
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { findHelm } from '../local/helm/find-helm.ts';
import { ServerNotFound } from '../local/servers/find-server.ts';
import { projectFolder } from '../local/source-files.ts';
import type { ClusterOptions } from './cluster/options.ts';
import { CommandFailed } from './command-failed.ts';
import type { Duration } from './duration.ts';
import { progress } from './print.ts';

const CHART = 'charts/cadastre';

/** Where the release is, or is to be. */
export type Release = ClusterOptions & { readonly release: string; readonly namespace: string };

export type InstallOptions = Release & {
  readonly values?: readonly string[];
  readonly set?: readonly string[];
  readonly resetValues?: boolean;
  readonly wait: boolean;
  readonly timeout: Duration;
};

/** Helm's limit for a release's name; a namespace may be longer, but for no reason. */
const NAME = /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/;

/** Arguments go to the program as they are, without a shell; a name must not be taken for an option. */
const placeOf = ({ release, namespace, kubeconfig, kubeContext }: Release): string[] => {
  for (const name of [release, namespace]) {
    if (NAME.test(name)) continue;
    throw new CommandFailed(
      `${JSON.stringify(name)} is no name for a release or namespace: write at most 53 lower-case letters, digits and hyphens, such as cadastre.`,
    );
  }
  return [
    `--namespace=${namespace}`,
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(kubeContext === undefined ? [] : [`--kube-context=${kubeContext}`]),
  ];
};

export const installArguments = ({
  values = [],
  set = [],
  resetValues = false,
  wait,
  timeout,
  ...release
}: InstallOptions): string[] => [
  'upgrade',
  '--install',
  ...placeOf(release),
  '--create-namespace',
  ...(wait ? ['--wait'] : []),
  `--timeout=${timeout.seconds}s`,
  '--output=json',
  // Whoever changes one value does not mean to forget that MongoDB is elsewhere.
  resetValues ? '--reset-values' : '--reset-then-reuse-values',
  ...values.map((file) => `--values=${file}`),
  ...set.map((value) => `--set=${value}`),
  '--',
  release.release,
];

export const uninstallArguments = ({
  timeout,
  ...release
}: Release & { readonly timeout: Duration }): string[] => [
  'uninstall',
  ...placeOf(release),
  '--wait',
  `--timeout=${timeout.seconds}s`,
  '--',
  release.release,
];

/** What Helm says of a release: the part that is shown. */
export type Installed = {
  readonly version: number;
  readonly info: { readonly status: string; readonly notes?: string };
};

/** Installs the chart of this repository or brings the release up to it; resolves when all its pods are ready. */
export const helmInstall = async (options: InstallOptions): Promise<Installed> =>
  JSON.parse(await helm(options, [...installArguments(options), `${projectFolder}/${CHART}`])) as Installed;

const valuesSchema = z.object({ crds: z.object({ enabled: z.boolean(), keep: z.boolean() }) });

/** What the release was installed with, the chart's defaults included: the part that matters here. */
export const helmValues = async (release: Release): Promise<z.infer<typeof valuesSchema>> => {
  const args = ['get', 'values', '--all', '--output=json', ...placeOf(release), '--', release.release];
  return valuesSchema.parse(JSON.parse(await helm(release, args)));
};

export const helmUninstall = async (options: Release & { readonly timeout: Duration }): Promise<void> => {
  await helm(options, uninstallArguments(options));
};

const helm = async ({ namespace }: Release, args: readonly string[]): Promise<string> => {
  const { command } = await findHelm(progress).catch((cause: unknown) => {
    throw cause instanceof ServerNotFound ? new CommandFailed(cause.message, { cause }) : cause;
  });
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk;
    });
    child.on('error', (cause) =>
      reject(new CommandFailed(`cannot run ${command}: ${cause.message}`, { cause })),
    );
    child.on('close', (code) =>
      code === 0
        ? resolve(out)
        : reject(new CommandFailed(failureText({ complaints, verb: args[0] ?? '', namespace }))),
    );
  });
};

const VERBS: Readonly<Record<string, string>> = { upgrade: 'install', get: 'look at the release' };

type Failure = { readonly complaints: string; readonly verb: string; readonly namespace: string };

/** Helm's own words, which may be several lines, and what to do. */
export const failureText = ({ complaints, verb, namespace }: Failure): string => {
  const words = complaints.trim().replace(/^Error: (UPGRADE|INSTALLATION) FAILED: |^Error: /gm, '');
  return `Helm cannot ${VERBS[verb] ?? verb}: ${words}\n${remedyFor(words, namespace)}`;
};

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /cluster unreachable|connection refused/i,
    'Check that the cluster runs, and that KUBECONFIG or --kubeconfig names it.',
  ],
  [
    /timed out|deadline exceeded/,
    'kubectl get pods --namespace <namespace> says what is not ready; then install again, with a longer --timeout.',
  ],
  [
    /another operation .* in progress/,
    'Wait for it to end; if its program died, helm rollback sets the release free.',
  ],
  [
    /invalid ownership metadata/,
    'Something else has made that: give the --release and --namespace that it says, or, if only kinds are named, leave them to it with --set crds.enabled=false.',
  ],
  [
    /updates to statefulset spec/,
    'A volume keeps the size that it was made with: give mongodb.storage and redis.storage as at first.',
  ],
  [/no such file/, 'Name a YAML file of values, of the kind of charts/cadastre/values.yaml.'],
  [/failed to parse/, 'Put the YAML right; charts/cadastre/values.yaml shows what it may hold.'],
  [/failed parsing --set/, 'Write name=value, as in --set relay.replicas=1.'],
  [
    /not found/,
    'helm list --all-namespaces says which releases there are: name one with --release and --namespace.',
  ],
  [/values don't meet/, 'charts/cadastre/values.schema.json says what each value may be.'],
];

const remedyFor = (words: string, namespace: string): string =>
  (
    REMEDIES.find(([pattern]) => pattern.test(words))?.[1] ?? 'Put that right and run the command again.'
  ).replace('<namespace>', namespace);
