import { readFile, writeFile } from 'node:fs/promises';
import { CONTEXTS } from './contexts.ts';
import { boundedContextYaml } from './generate/bounded-context.ts';

/** `npm run generate` writes what follows from the code; with `-- --check` it only says whether that is done. */
const root = new URL('../', import.meta.url);

const generated = CONTEXTS.map((context) => ({
  path: `contexts/${context.name}/bounded-context.yaml`,
  text: boundedContextYaml(context),
}));

const outdated: string[] = [];
for (const { path, text } of generated) {
  const present = await readFile(new URL(path, root), 'utf8').catch(() => '');
  if (present === text) continue;
  outdated.push(path);
  if (!process.argv.includes('--check')) await writeFile(new URL(path, root), text);
}

if (outdated.length > 0 && process.argv.includes('--check')) {
  process.stderr.write(`Generated files are out of date: ${outdated.join(', ')}; run npm run generate.\n`);
  process.exitCode = 1;
}
