import { type Access, hashOf, isSameAccess } from './access.ts';
import { isSameProgram, type Release } from './release.ts';
import type { Running } from './running.ts';

/** A context that a cell is to run. */
export type Candidate = {
  readonly name: string;
  /** What the map lets through; undefined while nothing is released. */
  readonly wanted: Release | undefined;
  readonly running: Running | undefined;
  /** What its Secret says. */
  readonly stored: Access | undefined;
  /** What its Secret is to say. */
  readonly fresh: Access;
  /** Some tenant that is not suspended has it. */
  readonly isAwake: boolean;
  /** What the cell's status says, for a Deployment that someone deleted. */
  readonly noted: { readonly image: string; readonly refusedImage?: string | undefined } | undefined;
};

/** What a context runs from now on. */
export type Placed = {
  readonly name: string;
  readonly release: Release;
  /** The last release that became ready: this one, or one to go back to. */
  readonly good: Release | undefined;
  /** The same when the pods changed last. */
  readonly before: Release | undefined;
  readonly refused: Release | undefined;
  /** Undefined while its Secret is missing and cannot be made. */
  readonly access: Access | undefined;
  readonly secretHash: string;
  readonly isAwake: boolean;
};

/** Enough pods, all of the current template. A context that sleeps is as it should be. */
export const isReady = ({ isAwake, running }: Candidate, replicas: number): boolean =>
  !isAwake ||
  (running?.isUpToDate === true &&
    running.available >= Math.min(replicas, running.replicas) &&
    running.available > 0);

/**
 * What every context runs from now on. A new context starts at once. Of those whose pods have to change, one does at
 * a time and only while all others are ready; one that serves nobody has nothing to lose and does not wait.
 * A version that did not become ready goes back to the last that did, and is not tried again.
 */
export const rollOut = (candidates: readonly Candidate[], replicas: number): readonly Placed[] => {
  const moving = movers(candidates, replicas);
  return candidates.flatMap((one) => place(one, { isMoving: moving.has(one.name), replicas }));
};

/**
 * What the contexts run while nothing may change: what they run already. One that has its Secret has run before: when
 * someone has deleted its Deployment, that is made again, since a context that leaves the map loses its place.
 */
export const holdStill = (candidates: readonly Candidate[], replicas: number): readonly Placed[] =>
  candidates.flatMap((one): Placed[] => {
    const { name, running, stored, isAwake } = one;
    if (running === undefined) return stored === undefined ? [] : start({ ...one, fresh: stored });
    const { release, before, refused, secretHash } = running;
    const good = goodOf(one, running, replicas);
    return [{ name, release, good, before, refused, access: stored, secretHash, isAwake }];
  });

/** What is to run in the end: never what was taken back. */
export const goalOf = ({ wanted, running }: Candidate): Release | undefined =>
  wanted !== undefined && isRefused(wanted, running) ? running?.release : (wanted ?? running?.release);

const isRefused = (wanted: Release, running: Running | undefined): boolean =>
  running?.refused !== undefined && isSameProgram(wanted, running.refused);

/** Whether pods have to change. */
export const isPending = (one: Candidate): boolean => {
  const { running, stored, fresh } = one;
  const goal = goalOf(one);
  if (running === undefined || goal === undefined) return false;
  return !isSameProgram(goal, running.release) || (stored !== undefined && !isSameAccess(stored, fresh));
};

const movers = (candidates: readonly Candidate[], replicas: number): ReadonlySet<string> => {
  const ready = new Set(candidates.filter((one) => isReady(one, replicas)));
  const pending = candidates.filter((one) => isPending(one) && backOf(one, replicas) === undefined);
  const serving = pending.filter(({ running, isAwake }) => isAwake && (running?.available ?? 0) > 0);
  // Whoever is not well goes first: the change may be its cure.
  const first = serving.toSorted((a, b) => Number(ready.has(a)) - Number(ready.has(b)))[0];
  const moving = new Set(pending.filter((one) => !serving.includes(one)));
  if (first !== undefined) {
    // Two that are not well and both wait for a cure must not wait for each other.
    const blocks = (other: Candidate): boolean =>
      other !== first && !ready.has(other) && (ready.has(first) || !pending.includes(other));
    if (!candidates.some(blocks)) moving.add(first);
  }
  return new Set([...moving].map(({ name }) => name));
};

/** The last release that became ready, this one included. */
const goodOf = (one: Candidate, running: Running, replicas: number): Release | undefined =>
  one.isAwake && isReady(one, replicas) ? running.release : running.good;

/** What a context goes back to, when its version has failed and there is something to go back to. */
const backOf = (one: Candidate, replicas: number): Release | undefined => {
  const { running } = one;
  if (running === undefined || !running.hasFailed) return undefined;
  const good = goodOf(one, running, replicas);
  return good !== undefined && !isSameProgram(good, running.release) ? good : undefined;
};

type Turn = { readonly isMoving: boolean; readonly replicas: number };

const place = (one: Candidate, { isMoving, replicas }: Turn): Placed[] => {
  const { name, wanted, running, stored, fresh, isAwake } = one;
  if (running === undefined) return start(one);
  const access = isMoving ? fresh : (stored ?? fresh);
  const good = goodOf(one, running, replicas);
  const placed = { name, good, access, secretHash: hashOf(access), isAwake };
  const back = backOf(one, replicas);
  if (back !== undefined) return [{ ...placed, release: back, before: good, refused: running.release }];
  const goal = goalOf(one) ?? running.release;
  const release = isMoving || isSameProgram(goal, running.release) ? goal : running.release;
  const before = isMoving ? good : running.before;
  const isStillRefused = wanted === undefined || isRefused(wanted, running);
  return [{ ...placed, release, before, refused: isStillRefused ? running.refused : undefined }];
};

const start = ({ name, wanted, fresh, isAwake, noted }: Candidate): Placed[] => {
  if (wanted === undefined) return [];
  const unproven = { good: undefined, before: undefined };
  const placed = { ...unproven, name, access: fresh, secretHash: hashOf(fresh), isAwake };
  return noted?.refusedImage === wanted.image
    ? [{ ...placed, release: { ...wanted, image: noted.image }, refused: wanted }]
    : [{ ...placed, release: wanted, refused: undefined }];
};
