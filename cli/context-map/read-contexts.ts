import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { CONTEXTS } from '../../local/contexts.ts';
import { boundedContextYaml } from '../../local/generate/bounded-context.ts';
import {
  type BoundedContext,
  boundedContextKind,
  boundedContextSpec,
  boundedContextStatus,
} from '../../operator/api/bounded-context.ts';
import { apiVersionOf } from '../../operator/engine/resource.ts';
import { CommandFailed } from '../command-failed.ts';

/** A YAML file and where it is from, for messages. */
export type Source = { readonly from: string; readonly yaml: string };

const contextSchema = z.object({
  apiVersion: z.literal(apiVersionOf(boundedContextKind)),
  kind: z.literal('BoundedContext'),
  metadata: z.looseObject({ name: z.string() }),
  spec: boundedContextSpec,
  status: boundedContextStatus.pick({ released: true, superseded: true }).optional(),
});

/** What the code of this repository says of its contexts. */
export const codeSources = (): Source[] =>
  CONTEXTS.map((context) => ({
    from: `contexts/${context.name}/context.ts`,
    yaml: boundedContextYaml(context),
  }));

/** Files, folders (their YAML files) and `-`, which is what is piped in. */
export const fileSources = async (paths: readonly string[]): Promise<Source[]> => {
  const sources = await Promise.all(paths.map(sourcesAt));
  return sources.flat();
};

const sourcesAt = async (path: string): Promise<Source[]> => {
  if (path === '-') return [{ from: 'standard input', yaml: await text(process.stdin) }];
  try {
    if (!(await stat(path)).isDirectory()) return [{ from: path, yaml: await readFile(path, 'utf8') }];
    const names = (await readdir(path, { recursive: true })).filter((name) => /\.ya?ml$/.test(name)).sort();
    return await Promise.all(
      names.map(async (name) => ({ from: join(path, name), yaml: await readFile(join(path, name), 'utf8') })),
    );
  } catch (error) {
    throw new CommandFailed(
      `cannot read ${path}: ${messageOf(error)}; name a YAML file, a folder of them, or -`,
    );
  }
};

const messageOf = (error: unknown): string => {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  if (isMissing) return 'it does not exist';
  return error instanceof Error ? error.message : String(error);
};

/**
 * The BoundedContexts in these; other resources in them are passed over.
 * @throws CommandFailed when one cannot be read, is there twice, or there is none.
 */
export const contextsIn = (sources: readonly Source[]): BoundedContext[] => {
  const contexts = sources.flatMap(({ from, yaml }) =>
    objectsIn(from, yaml)
      .filter(isBoundedContext)
      .map((object) => contextOf(from, object)),
  );
  if (contexts.length === 0) {
    const where = sources.map(({ from }) => from).join(', ') || 'nothing';
    throw new CommandFailed(
      `there is no BoundedContext in ${where}; name a file or folder that has some, such as samples/bounded-contexts.yaml`,
    );
  }
  const names = contexts.map(({ metadata }) => metadata.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new CommandFailed(`the BoundedContext ${twice} is there twice; name only one of its files`);
  return contexts;
};

/** @throws CommandFailed when it is no YAML. */
export const objectsIn = (from: string, yaml: string): unknown[] =>
  parseAllDocuments(yaml).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new CommandFailed(`cannot read ${from}: ${error.message}`);
    const object: unknown = document.toJS();
    return isList(object) ? object.items : [object];
  });

/** As `kubectl get -o yaml` prints several. */
const isList = (object: unknown): object is { items: unknown[] } =>
  z.object({ kind: z.string().endsWith('List'), items: z.array(z.unknown()) }).safeParse(object).success;

const isBoundedContext = (object: unknown): boolean =>
  z.object({ kind: z.literal('BoundedContext') }).safeParse(object).success;

const contextOf = (from: string, object: unknown): BoundedContext => {
  const parsed = contextSchema.safeParse(object);
  if (!parsed.success)
    throw new CommandFailed(
      `a BoundedContext in ${from} is not as it should be:\n${z.prettifyError(parsed.error)}`,
    );
  const { apiVersion, kind, metadata, spec, status } = parsed.data;
  return {
    apiVersion,
    kind,
    metadata: { name: metadata.name },
    spec,
    ...(status?.released && { status: { conditions: [], ...status } }),
  };
};
