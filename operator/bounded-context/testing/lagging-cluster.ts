import { type BoundedContext, boundedContextKind } from '../../api/bounded-context.ts';
import type { Cache, World } from '../../engine/cache.ts';
import { boundedContextController } from '../controller.ts';
import { noPlatformContexts } from '../platform-contexts.ts';

/**
 * An API server that keeps bounded contexts, a cache that sees its writes in order and some time later, and an operator
 * whose decisions are written some time after they were made, as the engine does it: never two for one context, and
 * the next only when the cache has seen the last one's write.
 */
export const laggingCluster = () => {
  const controller = boundedContextController(noPlatformContexts);
  const log: BoundedContext[] = [];
  let seen = 0;
  const underWay = new Map<string, { write: () => void }>();
  const lastWrite = new Map<string, number>();

  const at = (length: number): Map<string, BoundedContext> =>
    new Map(log.slice(0, length).map((context) => [context.metadata.name, context]));

  const world: World = {
    cache: <T>() =>
      ({ resource: boundedContextKind, list: () => at(seen).values() }) as unknown as Cache & T as never,
  };

  const apply = (context: BoundedContext): void => {
    const before = at(log.length).get(context.metadata.name);
    log.push({ ...context, ...(before?.status && { status: before.status }) });
  };

  const reconcile = async (name: string): Promise<void> => {
    const context = at(seen).get(name);
    const isBehind = underWay.has(name) || (lastWrite.get(name) ?? 0) > seen;
    if (context === undefined || isBehind) return;
    const observed = await controller.observe(context, world);
    const { status } = controller.desired(context, observed);
    const write = () => {
      const current = at(log.length).get(name);
      if (current) log.push({ ...current, status: { conditions: [], ...status } });
      lastWrite.set(name, log.length);
    };
    underWay.set(name, { write });
  };

  const write = (): void => {
    const [next] = underWay;
    if (next === undefined) return;
    underWay.delete(next[0]);
    next[1].write();
  };

  return {
    apply,
    reconcile,
    write,
    catchUp: (by: number): void => {
      seen = Math.min(log.length, seen + by);
    },
    /** Nothing is applied any more, and all that is under way comes to its end. */
    rest: async (): Promise<void> => {
      for (let round = 0; round < 10; round += 1) {
        while (underWay.size > 0) write();
        seen = log.length;
        for (const name of at(seen).keys()) await reconcile(name);
      }
      while (underWay.size > 0) write();
    },
    contexts: (): BoundedContext[] => [...at(log.length).values()],
  };
};
