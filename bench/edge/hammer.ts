import { type LoadProcess, startLoadProcess } from '../load-process.ts';
/** What a hammer does: the same requests over and over, over connections that are kept. */
export type HammerPlan = {
  readonly url: string;
  /** Each connection asks them in turn, from another one on. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** So many begin each second; as many as are answered when absent. */
  readonly perSecond?: number;
};

export type Hammered = {
  /** Answered with 200. */
  readonly answered: number;
  /** Other answers, by status. */
  readonly others: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Of the hammer itself. */
  readonly cpuSeconds: number;
};

export type Hammer = LoadProcess<Hammered>;

/** In a process of its own, so that neither side waits for the other's event loop. */
export const startHammer = (plan: HammerPlan): Hammer =>
  startLoadProcess(new URL('hammer-process.ts', import.meta.url), plan);

/** A load that was refused is no load. */
export const hammered = async (plan: HammerPlan): Promise<Hammered> => {
  const result = await startHammer(plan).result;
  if (Object.keys(result.others).length > 0)
    throw new Error(`${plan.url} answered ${JSON.stringify(result.others)} beside ${result.answered} × 200`);
  return result;
};
