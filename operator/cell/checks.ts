import type { Cell } from '../api/cell.ts';
import type { Check, Fault } from '../api/fault.ts';
import type { Standing } from './accounts/standing.ts';
import type { Observed } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { DOCKER_CONFIG_TYPE } from './pull-secrets.ts';
import { amountText } from './quantity.ts';
import { isShortage, type Replicas, type Shortage } from './replicas.ts';
import { type Candidate, goalOf, isPending, isReady } from './rollout.ts';

export type Situation = {
  readonly cell: Cell;
  readonly observed: Observed;
  /** What the quotas leave room for. */
  readonly room: Replicas | Shortage;
};

const faultOf = (standing: Standing): Fault | undefined => ('fault' in standing ? standing.fault : undefined);

const accountIsNotOurs: Check<Situation> = ({ observed: { mongodb, redis } }) => {
  const foreign = [mongodb, redis].flatMap((standing) =>
    'accounts' in standing ? [...standing.accounts].filter(([, fingerprint]) => fingerprint === '') : [],
  );
  const [first] = foreign;
  return (
    first && {
      reason: 'AccountNotOurs',
      message: `MongoDB or Redis has a user ${first[0]} that the operator did not make: remove or rename it`,
    }
  );
};

const quotaIsTooSmall: Check<Situation> = ({ observed: { candidates }, room }) => {
  if (!isShortage(room)) return undefined;
  const names = listed(candidates.filter(({ isAwake }) => isAwake));
  return {
    reason: 'QuotaTooSmall',
    message: `${names} need ${amountText(room.needed)} for one replica each and one more during an update; the quotas lack ${amountText(room.missing)}: raise them in the plan, or in the cell where that says its own`,
  };
};

/** What runs goes on as it is, and nothing new begins, while one of these fails. */
export const brakes: readonly Check<Situation>[] = [
  ({ observed }) => faultOf(observed.mongodb),
  ({ observed }) => faultOf(observed.redis),
  accountIsNotOurs,
  quotaIsTooSmall,
];

const contextIsNotReleased: Check<Outcome> = ({ observed: { candidates } }) => {
  const missing = candidates.filter(({ wanted }) => wanted === undefined);
  return missing.length === 0
    ? undefined
    : {
        reason: 'ContextNotReleased',
        message: `waiting for the release of ${listed(missing)}: apply the BoundedContext, or see why its condition Compatible is not True`,
      };
};

const contextWasTakenBack: Check<Outcome> = ({ placed }) => {
  const one = placed.find(({ refused }) => refused !== undefined);
  return (
    one?.refused && {
      reason: 'RolledBack',
      message: `${one.name}: ${one.refused.image} did not become ready and was taken back to ${one.release.image}; see what its pods logged, then release another image`,
    }
  );
};

const contextHasFailed: Check<Outcome> = ({ cell, observed: { candidates } }) => {
  const one = candidates.find(({ isAwake, running }) => isAwake && running?.hasFailed);
  return (
    one && {
      reason: 'ContextFailed',
      message: `${one.name}: ${one.running?.release.image} does not become ready, and there is nothing that it could be taken back to; "kubectl -n ${cell.spec.namespace} describe pods -l cadastre.dev/context=${one.name}" says why`,
    }
  );
};

const unreadyIn = ({ observed: { candidates }, replicas }: Outcome): readonly Candidate[] =>
  candidates.filter((one) => isPending(one) || !isReady(one, replicas.min));

/** Said while it may matter: images may be on the nodes, or in a registry that asks nobody. */
const pullSecretIsMissing: Check<Outcome> = (outcome) => {
  const missing = outcome.observed.pullSecrets.filter(({ dockerConfig }) => dockerConfig === undefined);
  if (missing.length === 0 || unreadyIn(outcome).length === 0) return undefined;
  const names = listOf.format(missing.map(({ name }) => name));
  return {
    reason: 'PullSecretMissing',
    message: `images may be out of reach: the operator's namespace has no Secret ${names} of type ${DOCKER_CONFIG_TYPE}; make it, or take it out of the chart's value imagePullSecrets`,
  };
};

const contextIsNotReady: Check<Outcome> = (outcome) => {
  const { cell } = outcome;
  const waiting = unreadyIn(outcome);
  return waiting.length === 0
    ? undefined
    : {
        reason: 'ContextNotReady',
        message: `waiting for ${listed(waiting, imageOf)}; "kubectl -n ${cell.spec.namespace} get pods" shows how far they are`,
      };
};

/** What keeps a cell that could be made from being as it should. */
export const shortcomings: readonly Check<Outcome>[] = [
  contextIsNotReleased,
  pullSecretIsMissing,
  contextWasTakenBack,
  contextHasFailed,
  contextIsNotReady,
];

/** What to say of a cell that has no fault. */
export const fine = ({ candidates }: Observed): Fault => {
  if (candidates.length === 0)
    return { reason: 'Empty', message: 'no tenant here has a context, so nothing runs' };
  if (!candidates.some(({ isAwake }) => isAwake))
    return { reason: 'Suspended', message: 'everything is scaled to zero; the data is kept' };
  return { reason: 'Running', message: 'every context is ready' };
};

const listOf = new Intl.ListFormat('en');

const listed = (
  candidates: readonly Candidate[],
  text: (one: Candidate) => string = ({ name }) => name,
): string => listOf.format(candidates.map(text));

const imageOf = (one: Candidate): string => `${one.name} (${goalOf(one)?.image})`;
