import type { BoundedContext } from '../../kit/context/context.ts';
import { type ContextMap, consumerName, type MappedContext } from '../../kit/context-map/context-map.ts';
import type { IdentityIssuer } from '../../kit/identity/identity.ts';
import { consumedTypes } from '../../kit/inbox/reaction.ts';
import { PLATFORM_CELL } from '../../operator/cell/names.ts';
import { platformInMap } from '../../operator/events/context.ts';

/** The context that signs who asks. */
export const FRONT_DOOR = 'cloud';

export type MapPlan = {
  readonly contexts: readonly BoundedContext[];
  /** Of the contexts that are not the platform's. */
  readonly cell: string;
  /** Where the API of each context is, by its name. */
  readonly urls: ReadonlyMap<string, string>;
  /** Whose word contexts take for who asks, where no front door is among them; without it they let nobody in. */
  readonly identity?: IdentityIssuer | undefined;
};

/** Where a context runs: in the cell, or once for the landscape. */
export const placeOf = ({ name, scope }: BoundedContext, cell: string) => ({
  cell: scope === 'Platform' ? PLATFORM_CELL : cell,
  name,
});

/** The map of one cell that runs these contexts for every tenant, and of the platform's contexts among them. */
export const mapOf = ({ contexts, cell, urls, identity }: MapPlan): ContextMap => {
  const issuer = issuerAt(urls.get(FRONT_DOOR)) ?? identity;
  return {
    contexts: [
      ...contexts.map((context) => mapped(context, { cell, url: urls.get(context.name) })),
      ...(needsPlatform(contexts) ? [platformInMap] : []),
    ],
    ...(issuer !== undefined && { identity: issuer }),
    tenants: [{ id: '*', cell, contexts: contexts.filter(({ scope }) => !scope).map(({ name }) => name) }],
  };
};

const issuerAt = (frontDoor: string | undefined): IdentityIssuer | undefined =>
  frontDoor === undefined
    ? undefined
    : { issuer: `cadastre-${FRONT_DOOR}`, jwks: `${frontDoor}/.well-known/jwks.json` };

/** Whether somebody has to tell what the operator tells on a cluster. */
export const needsPlatform = (contexts: readonly BoundedContext[]): boolean =>
  contexts.some(
    ({ scope, upstreams }) =>
      scope === 'Platform' || upstreams.some(({ context }) => context === platformInMap.name),
  );

type At = { readonly cell: string; readonly url: string | undefined };

const mapped = (context: BoundedContext, { cell, url }: At): MappedContext => {
  const place = placeOf(context, cell);
  return {
    ...place,
    database: consumerName(place),
    scope: context.scope ?? 'Tenant',
    ...(url !== undefined && { url }),
    upstreams: context.upstreams.map(({ context: upstream, start }) => ({
      context: upstream,
      start,
      consumes: consumedTypes(context.reactions, upstream).map(({ type, kind }) => ({ type, kind })),
    })),
  };
};
