import type { Cell } from '../api/cell.ts';
import type { Observed } from './observe.ts';
import type { Replicas } from './replicas.ts';
import type { Placed } from './rollout.ts';

/** A cell, what was observed of it, and what it is to run. */
export type Outcome = {
  readonly cell: Cell;
  readonly observed: Observed;
  readonly placed: readonly Placed[];
  readonly replicas: Replicas;
};
