import { kindOf } from '../event/cloud-event.ts';
import { type ContextMap, consumerName, type MappedContext, PLATFORM_TENANT } from './context-map.ts';
import { lookupsIn } from './lookups.ts';

/** What the relay knows of an event without parsing it. */
export type Routable = {
  readonly database: string;
  readonly tenant: string;
  readonly subject: string;
  readonly type: string;
  readonly to?: string;
};

/** Who gets an event; `bare` when it follows the subject kind but did not ask for the type. */
export type Recipient = { readonly consumer: string; readonly bare: boolean };

/**
 * Answers who gets an event. The answer depends on database, tenant and type alone, so each is worked out
 * once per map.
 */
export const routesOf = (map: ContextMap): ((event: Routable) => readonly Recipient[]) => {
  const known = new Map<string, readonly Recipient[]>();
  const sources = new Map(map.contexts.map((context) => [context.database, context]));
  return (event) => {
    if (event.to !== undefined) return [{ consumer: event.to, bare: false }];
    const route = `${event.database} ${event.tenant} ${event.type}`;
    const answer = known.get(route) ?? recipients(map, sources.get(event.database), event);
    known.set(route, answer);
    return answer;
  };
};

const recipients = (map: ContextMap, source: MappedContext | undefined, event: Routable): Recipient[] => {
  if (source === undefined) return [];
  const { tenant, contextsFor } = lookupsIn(map);
  const candidates =
    event.tenant === PLATFORM_TENANT ? map.contexts : contextsFor(tenant(event.tenant)?.cell);
  return candidates
    .filter((context) => serves(map, context, event.tenant))
    .flatMap((context) => asks(context, source.name, event) ?? []);
};

/** Whether a deployment of a context is the one that handles a tenant's events. */
export const serves = (map: ContextMap, context: MappedContext, tenant: string): boolean => {
  if (context.scope === 'Platform' || tenant === PLATFORM_TENANT) return true;
  const home = lookupsIn(map).tenant(tenant);
  return home !== undefined && home.cell === context.cell && home.contexts.includes(context.name);
};

const asks = (context: MappedContext, source: string, event: Routable): Recipient | undefined => {
  const consumes = context.upstreams.filter((one) => one.context === source).flatMap((one) => one.consumes);
  const consumer = consumerName(context);
  if (consumes.some(({ type }) => type === event.type)) return { consumer, bare: false };
  const kind = kindOf(event.subject);
  return consumes.some((one) => one.kind === kind) ? { consumer, bare: true } : undefined;
};
