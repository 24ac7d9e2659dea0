import { deepEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { hashOf } from './access.ts';
import { isSameProgram, type Release } from './release.ts';
import { type Candidate, isReady, type Placed, rollOut } from './rollout.ts';
import type { Running } from './running.ts';
import { anAccess, aRelease } from './testing/given.ts';

const NAMES = ['catalog', 'ordering', 'shipping'] as const;
type Name = (typeof NAMES)[number];

/** Versions that never become ready. */
const isBroken = ({ image }: Release): boolean => image.endsWith('!');

type Step =
  | { readonly does: 'release'; readonly name: Name; readonly version: number; readonly isBroken: boolean }
  /** Pods of the newest template become ready, or their time runs out. */
  | { readonly does: 'settle'; readonly name: Name }
  | { readonly does: 'reconcile' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      does: fc.constant('release' as const),
      name: fc.constantFrom(...NAMES),
      version: fc.integer({ min: 1, max: 4 }),
      isBroken: fc.boolean(),
    }),
    fc.record({ does: fc.constant('settle' as const), name: fc.constantFrom(...NAMES) }),
    fc.constant({ does: 'reconcile' as const }),
  ),
  { maxLength: 40 },
);

type Site = {
  readonly wanted: Map<Name, Release>;
  readonly running: Map<Name, Running>;
};

const candidatesAt = ({ wanted, running }: Site): Candidate[] =>
  NAMES.map((name) => {
    const access = anAccess(name);
    return {
      name,
      wanted: wanted.get(name),
      running: running.get(name),
      stored: running.has(name) ? access : undefined,
      fresh: access,
      isAwake: true,
      noted: undefined,
    };
  });

/** As a Deployment does: new pods start beside the old ones, which serve on. */
const applied = (placed: Placed, before: Running | undefined): Running => {
  const { release, good, before: former, refused } = placed;
  const memory = {
    release,
    good,
    before: former,
    refused,
    secretHash: hashOf(anAccess(placed.name)),
    replicas: 1,
  };
  if (before !== undefined && isSameProgram(before.release, release)) return { ...before, ...memory };
  // Pods of the version before, if it was ready, or none.
  const serves = before !== undefined && (before.isUpToDate || former !== undefined);
  return { ...memory, available: serves ? 1 : 0, isUpToDate: false, hasFailed: false };
};

const settled = (running: Running): Running =>
  isBroken(running.release)
    ? { ...running, hasFailed: !running.isUpToDate }
    : { ...running, isUpToDate: true, available: 1, hasFailed: false };

const reconcile = (site: Site): number => {
  const candidates = candidatesAt(site);
  const allReady = (but: string) => candidates.every((one) => one.name === but || isReady(one, 1));
  let moved = 0;
  for (const placed of rollOut(candidates, 1)) {
    const name = placed.name as Name;
    const before = site.running.get(name);
    const after = applied(placed, before);
    const isMove = before !== undefined && !isSameProgram(before.release, placed.release);
    const isBack = isMove && before.hasFailed;
    if (isMove && !isBack && before.isUpToDate) {
      moved += 1;
      ok(allReady(name), `${name} changed although another was not ready`);
    }
    site.running.set(name, after);
  }
  return moved;
};

const take = (site: Site, step: Step): void => {
  if (step.does === 'release') {
    const image = `${step.name}:${step.version}${step.isBroken ? '!' : ''}`;
    site.wanted.set(step.name, aRelease(image));
  } else if (step.does === 'settle') {
    const running = site.running.get(step.name);
    if (running !== undefined) site.running.set(step.name, settled(running));
  } else ok(reconcile(site) <= 1, 'more than one healthy context changed at once');
};

describe('rolling updates, whatever is released and in whatever order pods become ready', () => {
  it('change one healthy context at a time, and end with all that can run running', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const site: Site = {
          wanted: new Map(NAMES.map((name) => [name, aRelease(`${name}:0`)])),
          running: new Map(),
        };
        reconcile(site);
        for (const name of NAMES) take(site, { does: 'settle', name });
        for (const step of script) take(site, step);
        for (let round = 0; round < 20; round += 1) {
          reconcile(site);
          for (const name of NAMES) take(site, { does: 'settle', name });
        }
        for (const name of NAMES) {
          const [wanted, running] = [site.wanted.get(name), site.running.get(name)];
          ok(wanted && running);
          ok(running.isUpToDate && !isBroken(running.release), `${name} runs ${running.release.image}`);
          if (isBroken(wanted)) deepEqual(running.refused?.image, wanted.image);
          else deepEqual(running.release.image, wanted.image);
        }
      }),
      { numRuns: 500 },
    );
  });
});
