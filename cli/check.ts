import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { type Choice, chosenContexts, withChoice } from './context-map/chosen-contexts.ts';
import { findingsOf, findingsText, isFine, proposed } from './context-map/findings.ts';
import { gitSources } from './context-map/git-sources.ts';
import { contextsIn, fileSources } from './context-map/read-contexts.ts';

type Options = Choice & { readonly against?: string; readonly json?: boolean };

export const checkCommand = (): Command =>
  withChoice(new Command('check'))
    .description(
      'Says whether the bounded contexts of the code fit each other, as the operator would; exits with 1 if one does not.',
    )
    .option(
      '--against <released>',
      'take these as released: a file or folder, - for standard input, a commit (its bounded-context.yaml files), or commit:file',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ against, json, ...choice }: Options) => {
      const contexts = await chosenContexts(choice);
      const released = against === undefined ? [] : contextsIn(await releasedSources(against));
      const findings = findingsOf(proposed(contexts, released));
      const fits = findings.every(isFine);
      if (!fits) process.exitCode = 1;
      console.log(json ? JSON.stringify({ fits, contexts: findings }, undefined, 2) : findingsText(findings));
    });

const EXAMPLES = `
Examples:
  cadastre check                         do the contexts of the code fit each other?
  cadastre check --against origin/main   in a CI: would this change break a context that is released?
  kubectl get boundedcontexts -o yaml | cadastre check --against -
                                         would the code break what runs on that cluster?
  cadastre check --cluster               what the conditions there say, or would say in a moment`;

const releasedSources = (against: string) =>
  against === '-' || existsSync(against) ? fileSources([against]) : gitSources(against);
