import { type ContextMap, consumerName, type MappedContext } from '../../kit/context-map/context-map.ts';
import type { IdentityIssuer } from '../../kit/identity/identity.ts';

/**
 * The map of the whole landscape, which the relay reads: the union of the cells' maps and of what runs once for all.
 * Sorted, so that the same landscape is the same text.
 */
export const landscapeMap = (
  cells: readonly ContextMap[],
  platform: readonly MappedContext[],
  identity?: IdentityIssuer,
): ContextMap => {
  const contexts = new Map(
    // A cell tells of the platform's contexts that it reads too; what the platform says of them holds.
    [...cells.flatMap((map) => map.contexts), ...platform].map((one) => [consumerName(one), one]),
  );
  const tenants = new Map(cells.flatMap((map) => map.tenants).map((one) => [one.id, one]));
  return { contexts: sorted(contexts), ...(identity && { identity }), tenants: sorted(tenants) };
};

const sorted = <T>(byName: ReadonlyMap<string, T>): T[] =>
  [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
