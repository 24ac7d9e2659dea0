import { stringify } from 'yaml';
import type { BoundedContext } from '../../kit/context/context.ts';
import { specOf } from '../../operator/bounded-context/spec-of.ts';

const HEADER = '# Generated from context.ts by `npm run generate`; change that instead.\n';

/** The BoundedContext resource that says of a context what its code says: the map to check is the map that runs. */
export const boundedContextYaml = (context: BoundedContext): string => HEADER + yaml(context);

/** Several of them in one file, to be applied together. */
export const boundedContextsYaml = (contexts: readonly BoundedContext[]): string =>
  HEADER.replace('context.ts', 'contexts/*/context.ts') + contexts.map(yaml).join('---\n');

const yaml = (context: BoundedContext): string =>
  stringify(boundedContext(context), { lineWidth: 0, aliasDuplicateObjects: false });

export const boundedContext = (context: BoundedContext) => ({
  apiVersion: 'cadastre.dev/v1alpha1',
  kind: 'BoundedContext',
  metadata: { name: context.name },
  spec: specOf(context),
});
