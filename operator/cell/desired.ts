import type { Cell } from '../api/cell.ts';
import { conditionOf, firstFailure } from '../api/fault.ts';
import type { Desired } from '../engine/controller.ts';
import { accountsDue, accountsToRetire } from './accounts-due.ts';
import { brakes, fine, type Situation, shortcomings } from './checks.ts';
import { base } from './children/base.ts';
import { childrenOf } from './children/children.ts';
import type { CellEffect } from './effects.ts';
import type { Observed } from './observe.ts';
import type { CellOptions } from './options.ts';
import type { Outcome } from './outcome.ts';
import { atLeast, quotasOf } from './quotas.ts';
import { isShortage, neededBy, replicasWithin } from './replicas.ts';
import { goalOf, holdStill, rollOut } from './rollout.ts';
import { statusOf } from './status.ts';

/** The Secrets that an administrator writes are in no cache: only those of cells are watched. */
const LOOK_AT_PULL_SECRETS_SECONDS = 30;

/** All that a cell is, from what its tenants have and from what is there. Pure. */
export const desiredWith =
  (options: CellOptions) =>
  (cell: Cell, observed: Observed): Desired<CellEffect> => {
    const { outcome, fault, ...due } = outcomeOf({ cell, observed, room: roomIn(cell, observed) });
    return {
      ...due,
      children: [
        ...base(cell, { quotas: enforcedQuotas(cell, observed), pullSecrets: observed.pullSecrets }),
        ...childrenOf(outcome, options),
      ],
      status: statusOf(outcome),
      conditions: [conditionOf('Ready', fault, fine(observed))],
      ...(observed.pullSecrets.length > 0 && { requeueAfterSeconds: LOOK_AT_PULL_SECRETS_SECONDS }),
    };
  };

/** What is to run, why that is not all of what is wanted, and what is due outside the cluster. */
export const outcomeOf = (situation: Situation) => {
  const { cell, observed, room } = situation;
  const replicas = isShortage(room) ? { min: 1, max: 1 } : room;
  const brake = firstFailure(brakes, situation);
  const placed = (brake === undefined ? rollOut : holdStill)(observed.candidates, replicas.min);
  const outcome: Outcome = { cell, observed, placed, replicas };
  return {
    outcome,
    fault: brake ?? firstFailure(shortcomings, outcome),
    effects: [...accountsDue(cell.metadata.name, observed, placed), ...accountsToRetire(cell, observed)],
  };
};

const roomIn = (cell: Cell, { tenants, candidates }: Observed) => {
  const awake = candidates.filter(({ isAwake }) => isAwake);
  return replicasWithin(
    quotasOf(cell, tenants),
    awake.flatMap((one) => goalOf(one) ?? []),
  );
};

/** What runs goes on below a quota that is too small for it: a pod that is lost must find room again. */
const enforcedQuotas = (cell: Cell, { tenants, candidates }: Observed) => {
  const running = candidates.flatMap(({ isAwake, running }) => (isAwake && running ? running.release : []));
  return atLeast(quotasOf(cell, tenants), neededBy(running));
};
