import { RequestRefused } from './errors.ts';
import type { RestMiddleware } from './state.ts';

type Matched = { readonly matched?: readonly { readonly methods: readonly string[] }[] };

/** Runs where no route did: the path is unknown, or known with other methods. */
export const unrouted = (): RestMiddleware => (ctx) => {
  const allowed = new Set(((ctx as Matched).matched ?? []).flatMap(({ methods }) => methods));
  if (allowed.size === 0)
    throw new RequestRefused('route-not-found', 'there is nothing at this path: see /openapi.json');
  const allow = [...allowed].sort().join(', ');
  throw new RequestRefused('method-not-allowed', `this path knows ${allow} only`, {
    headers: { Allow: allow },
  });
};
