import { setTimeout as delay } from 'node:timers/promises';
import { AWAY, FAULT_KINDS, type Fault, type FaultKind, keepAway, killOne, RARE_FAULTS } from './faults.ts';
import type { Site } from './site.ts';

const KILL_EVERY_MS = 3_000;
const PAUSE_MS = 3_000;
const BACK_MS = 10_000;

export type FaultCounts = Record<FaultKind, number>;

export type Injecting = { readonly counts: Readonly<FaultCounts>; readonly ended: Promise<void> };

/**
 * Kills a process every 4 s, keeps subscriptions away again and again and, meanwhile, goes through the rare faults in an order of chance, each as often
 * as the others. Ends after the signal, when the fault under way is over.
 */
export const injectFaults = (site: Site, signal: AbortSignal): Injecting => {
  const counts = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as FaultCounts;
  const inject = async (kind: FaultKind, fault: Fault): Promise<void> => {
    if (await fault(site)) counts[kind] += 1;
  };
  const kills = async (): Promise<void> => {
    while (await isTime(KILL_EVERY_MS, signal)) await inject('killed', killOne);
  };
  const rare = async (): Promise<void> => {
    for (;;) {
      for (const kind of site.random.shuffle(Object.keys(RARE_FAULTS) as (keyof typeof RARE_FAULTS)[])) {
        if (!(await isTime(PAUSE_MS, signal))) return;
        await inject(kind, RARE_FAULTS[kind]);
      }
    }
  };
  const absences = async (): Promise<void> => {
    while (await isTime(BACK_MS, signal)) await inject(AWAY, keepAway);
  };
  return { counts, ended: Promise.all([kills(), rare(), absences()]).then(() => undefined) };
};

/** @returns false as soon as the signal aborts. */
const isTime = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  await delay(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
};
