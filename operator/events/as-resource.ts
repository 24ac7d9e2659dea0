import { type BoundedContext, boundedContextKind, boundedContextSpec } from '../api/bounded-context.ts';
import { specOf } from '../bounded-context/spec-of.ts';
import { apiVersionOf } from '../engine/resource.ts';
import { platform } from './context.ts';

const spec = boundedContextSpec.parse({
  ...specOf(platform),
  image: `cadastre/operator:${platform.version}`,
});

/**
 * The operator as a BoundedContext that nobody applies: contexts may name `platform` as their upstream, and what it
 * reads of them must stay published. It runs, so it is released.
 */
export const platformContext: BoundedContext = {
  apiVersion: apiVersionOf(boundedContextKind),
  kind: boundedContextKind.kind,
  metadata: { name: platform.name },
  spec,
  status: { conditions: [], released: spec },
};
