import { type Cell, cellKind } from '../../operator/api/cell.ts';
import { mergePatch } from '../../operator/engine/verbs.ts';
import type { Cluster } from './cluster.ts';
import type { Views } from './views.ts';

/** Long enough that an operator that falls behind is measured, and not given up. */
const PATIENCE_MS = 300_000;

/**
 * Gives a cell another quota, which changes its ResourceQuota and its LimitRange. Resolves when the operator's status says
 * that this generation, or a later one, is applied. @throws when that takes five minutes.
 */
export const changeCell = async (
  { client }: Cluster,
  { cells }: Pick<Views, 'cells'>,
  { name, storage }: { name: string; storage: string },
): Promise<void> => {
  const patch = { spec: { quotas: { storage } } };
  const at = { resource: cellKind, key: name };
  const { metadata } = await mergePatch<Cell>(client, { ...at, patch, timeoutMs: PATIENCE_MS });
  const generation = metadata.generation ?? 0;
  const isApplied = (cell: Cell | undefined) => (cell?.status?.observedGeneration ?? 0) >= generation;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = () => reject(new Error(`cell ${name} was changed, and not applied within five minutes`));
  const timer = setTimeout(giveUp, PATIENCE_MS);
  // Hears first of all that is there.
  const end = cells.listen((key, _, after) => {
    if (key === name && isApplied(after)) resolve();
  });
  await promise.finally(() => {
    clearTimeout(timer);
    end();
  });
};
