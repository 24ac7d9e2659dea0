import type { Figure } from '../figure.ts';
import type { Ground } from '../ground.ts';
import type { Cluster } from './cluster.ts';
import type { OperatorProcess } from './operator-process.ts';
import type { Views } from './views.ts';

export const OPERATOR_FIGURES = [
  'operator.provision.rate',
  'operator.applied.seconds',
  'operator.applied.ratio',
  'operator.change.p99',
  'operator.steady.writes',
  'operator.memory',
  'operator.restart.seconds',
  'operator.takeover.seconds',
] as const;

type Name = (typeof OPERATOR_FIGURES)[number];
/** What the measurements stand on, one after the other. */
export type Stage = Pick<Ground, 'say'> & {
  readonly cluster: Cluster;
  readonly views: Views;
  readonly names: readonly string[];
  /** @returns before it is ready. */
  readonly start: (name: string) => Promise<OperatorProcess>;
};

export const figure = (name: Name, rest: Omit<Figure, 'name'>): Figure => ({ name, ...rest });
