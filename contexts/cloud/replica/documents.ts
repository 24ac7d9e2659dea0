import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import type { Target } from './follow-collections.ts';

export interface Documents<State> extends Target<State> {
  /** By `<tenant>/<id>`. */
  find(id: string): State | undefined;
}

/** The newest state of each document in memory; an older one never takes the place of a newer one. */
export const heldDocuments = <State>(): Documents<State> => {
  const held = new Map<string, { version: number; state: State }>();
  return {
    apply: ({ _id, version, state }: AggregateDocument<State>) => {
      if ((held.get(_id)?.version ?? 0) < version) held.set(_id, { version, state });
    },
    remove: (id) => void held.delete(id),
    clear: () => held.clear(),
    find: (id) => held.get(id)?.state,
  };
};
