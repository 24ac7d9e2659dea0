import { Command, Option } from 'commander';
import type { BoundedContext } from '../operator/api/bounded-context.ts';
import { type Choice, chosenContexts, withChoice } from './context-map/chosen-contexts.ts';
import { mapCml } from './context-map/cml.ts';
import { mapMermaid } from './context-map/mermaid.ts';
import { mapTable } from './context-map/table.ts';
import { withPlatform } from './context-map/with-platform.ts';

const FORMATS = { table: mapTable, mermaid: mapMermaid, cml: mapCml } as const;

type Options = Choice & { readonly format: keyof typeof FORMATS; readonly json?: boolean };

export const mapCommand = (): Command =>
  withChoice(new Command('map'))
    .description('Shows the bounded contexts of the code, how they relate and which events go between them.')
    .addOption(
      new Option('--format <format>', 'how to print it').choices(Object.keys(FORMATS)).default('table'),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ format, json, ...choice }: Options) => {
      const contexts = withPlatform(await chosenContexts(choice));
      console.log(json ? JSON.stringify(asJson(contexts), undefined, 2) : FORMATS[format](contexts));
    });

const EXAMPLES = `
Examples:
  cadastre map --format mermaid              for a README: GitHub and GitLab draw it
  cadastre map --format cml > landscape.cml  for Context Mapper (contextmapper.org)
  cadastre map --cluster                     what is applied there`;

const asJson = (contexts: readonly BoundedContext[]) => ({
  contexts: contexts.map(({ metadata: { name }, spec: { version, scope, publishes, upstreams } }) => ({
    name,
    version,
    scope,
    publishes: publishes.map(({ type }) => type),
    upstreams: upstreams.map(({ consumes, ...rest }) => ({
      ...rest,
      consumes: consumes.map(({ type }) => type),
    })),
  })),
});
