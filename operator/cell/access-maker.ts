import { consumerName } from '../../kit/context-map/context-map.ts';
import { type Access, accessOf, newPassword, type Passwords, passwordsIn } from './access.ts';
import type { CellOptions } from './options.ts';

export type AccessWish = {
  /** The cell's name. */
  readonly cell: string;
  readonly context: string;
  /** The cell's `rotateSecretsAt`, or empty. */
  readonly rotation: string;
  /** What the Secret says by the cache. */
  readonly stored: Access | undefined;
};

/**
 * Takes a context's passwords from its Secret, or makes new ones. Those that were made are remembered until the cache
 * shows them: a run that comes before the cache has caught up must not make others.
 */
export const accessMaker = (options: Pick<CellOptions, 'mongodbUri' | 'redisUrl'>) => {
  const made = new Map<string, { readonly rotation: string; readonly passwords: Passwords }>();
  return ({ cell, context, rotation, stored }: AccessWish): Access => {
    const name = consumerName({ cell, name: context });
    const kept = stored?.rotation === rotation ? passwordsIn(stored) : undefined;
    if (kept !== undefined) {
      made.delete(name);
      return { ...accessOf(options, name, kept), rotation };
    }
    const before = made.get(name);
    const passwords =
      before?.rotation === rotation ? before.passwords : { mongodb: newPassword(), redis: newPassword() };
    made.set(name, { rotation, passwords });
    return { ...accessOf(options, name, passwords), rotation };
  };
};
