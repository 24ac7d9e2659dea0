import type { KubeObject } from '../../operator/engine/kube-object.ts';
import type { Reflector } from '../../operator/engine/reflector.ts';

export type Awaited<T extends KubeObject> = {
  readonly count: number;
  readonly isDone: (object: T) => boolean;
  /** Without another one for so long, it is given up. */
  readonly patienceMs?: number;
};

const PATIENCE_MS = 120_000;

/** Resolves with the time (of `performance`) at which so many objects were done. @throws when there is no progress. */
export const untilAll = <T extends KubeObject>(
  cache: Reflector<T>,
  { count, isDone, patienceMs = PATIENCE_MS }: Awaited<T>,
): Promise<number> => {
  const done = new Set<string>();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const giveUp = () =>
    reject(
      new Error(
        `${done.size} of ${count} ${cache.resource.plural} came so far, and no other in ${patienceMs / 1_000} s`,
      ),
    );
  let timer = setTimeout(giveUp, patienceMs);
  const end = cache.listen((key, _, after) => {
    if (after === undefined || !isDone(after)) return void done.delete(key);
    if (done.has(key)) return;
    done.add(key);
    clearTimeout(timer);
    timer = setTimeout(giveUp, patienceMs);
    if (done.size === count) resolve(performance.now());
  });
  return promise.finally(() => {
    clearTimeout(timer);
    end();
  });
};
