import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findHelm } from '../../local/helm/find-helm.ts';
import { findKubectl } from '../../local/servers/find-kubernetes.ts';
import { runCommand } from '../../local/servers/run-command.ts';
import { type Typed, typedIn, withOutput, withoutVariations } from './guide.ts';
import { NAMESPACE } from './kubectl.ts';
import { openShell } from './shell.ts';

const PAGE = new URL('../../docs/kubernetes.md', import.meta.url);
const LAST_SECTION = 'Take it away';

/** `npm run e2e -- --write` puts what it sees into the page instead of comparing it. */
const isWriting = process.argv.includes('--write');

const helm = async () => (await findHelm(console.error)).command;

/** All of the page but its end. */
export const startTour = async (): Promise<void> => {
  const releases = await runCommand(await helm(), [
    'list',
    '--all-namespaces',
    '--short',
    '--filter',
    '^cadastre$',
  ]);
  assert.equal(
    releases,
    '',
    'this cluster has a release cadastre already: helm uninstall it, or take another',
  );
  await follow((section) => section !== LAST_SECTION);
};

export const endTour = (): Promise<void> => follow((section) => section === LAST_SECTION);

/** A bad version is to be noticed sooner than people would want it. */
export const upgradeForTheRest = async (): Promise<void> => {
  const settings = ['--reuse-values', '--set', 'operator.progressDeadlineSeconds=20', '--wait'];
  await runCommand(await helm(), ['upgrade', 'cadastre', 'charts/cadastre', '-n', NAMESPACE, ...settings]);
};

const follow = async (isAbout: (section: string) => boolean): Promise<void> => {
  const tools = [await helm(), (await findKubectl(console.error)).command];
  const shell = openShell(tools.map((tool) => dirname(tool)));
  try {
    for (const one of typedIn(await readFile(PAGE, 'utf8')).filter(({ section }) => isAbout(section)))
      await compare(one, await shell.type(one.commands));
  } finally {
    shell.close();
  }
};

const compare = async (typed: Typed, output: string): Promise<void> => {
  if (isWriting) {
    const page = await readFile(PAGE, 'utf8');
    await writeFile(PAGE, withOutput(page, typed, `${output.trimEnd()}\n`));
  } else if (typed.output !== undefined) {
    const what = `docs/kubernetes.md shows another output of:\n${typed.commands}`;
    assert.equal(withoutVariations(output), withoutVariations(typed.output), what);
  }
};
