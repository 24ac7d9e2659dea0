import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { KINDS } from '../operator/api/kinds.ts';
import { CONTEXTS } from './contexts.ts';
import { boundedContextsYaml, boundedContextYaml } from './generate/bounded-context.ts';
import { crdYaml } from './generate/crd.ts';

/** `npm run generate` writes what follows from the code; with `-- --check` it only says whether that is done. */
const root = new URL('../', import.meta.url);

const generated = [
  ...CONTEXTS.map((context) => ({
    path: `contexts/${context.name}/bounded-context.yaml`,
    text: boundedContextYaml(context),
  })),
  { path: 'samples/bounded-contexts.yaml', text: boundedContextsYaml(CONTEXTS) },
  ...KINDS.flatMap((kind) =>
    ['crds', 'charts/cadastre/kinds'].map((folder) => ({
      path: `${folder}/${kind.plural}.yaml`,
      text: crdYaml(kind),
    })),
  ),
];

const write = async (file: URL, text: string): Promise<void> => {
  await mkdir(new URL('./', file), { recursive: true });
  await writeFile(file, text);
};

const outdated: string[] = [];
for (const { path, text } of generated) {
  const present = await readFile(new URL(path, root), 'utf8').catch(() => '');
  if (present === text) continue;
  outdated.push(path);
  if (!process.argv.includes('--check')) await write(new URL(path, root), text);
}

if (outdated.length > 0 && process.argv.includes('--check')) {
  process.stderr.write(`Generated files are out of date: ${outdated.join(', ')}; run npm run generate.\n`);
  process.exitCode = 1;
}
