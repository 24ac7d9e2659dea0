import { AWAY, FAULT_KINDS, type FaultKind } from './faults.ts';
import type { AnsweredCommand, Violation } from './history.ts';
import type { FaultCounts } from './inject.ts';

export type Outcome = {
  readonly seed: number;
  /** Of load and faults. */
  readonly seconds: number;
  readonly ordersPerSecond: number;
  readonly orders: number;
  readonly commands: readonly AnsweredCommand[];
  readonly refusedReservations: number;
  readonly reinstatedOrders: number;
  readonly strangeAnswers: readonly string[];
  readonly faults: Readonly<FaultCounts>;
  /** Undefined when a minute was not enough. */
  readonly drainSeconds: number | undefined;
  /** Of all tenants. */
  readonly requests: { readonly sent: number; readonly answered: number; readonly counted: number };
  /** Of usage, each of them charged. */
  readonly windows: number;
  readonly violations: readonly Violation[];
};

/** Processes that are down answer nobody, so a good part of the asked rate is lost to the faults. */
const LEAST_SHARE_OF_LOAD = 0.15;
const SECONDS_PER_RARE_FAULT = 60;
const SECONDS_PER: Partial<Record<FaultKind, number>> = { killed: 5, [AWAY]: 120 };
const LEAST_PER_PATH = 3;

/** Why the run proves nothing: a passed run has really been under load and has really been hurt. */
export const invalidities = (run: Outcome): string[] => {
  const leastOrders = Math.floor(run.seconds * run.ordersPerSecond * LEAST_SHARE_OF_LOAD);
  const { cancelled, dispatched } = countCommands(run.commands);
  const least: [string, number, number][] = [
    ['orders acknowledged', run.orders, leastOrders],
    ['orders cancelled', cancelled, LEAST_PER_PATH],
    ['shipments dispatched', dispatched, LEAST_PER_PATH],
    ['reservations refused', run.refusedReservations, LEAST_PER_PATH],
    ['requests counted', run.requests.counted, leastOrders],
    ['usage windows', run.windows, LEAST_PER_PATH],
    ...FAULT_KINDS.map((kind): [string, number, number] => [
      kind,
      run.faults[kind],
      leastFaults(kind, run.seconds),
    ]),
  ];
  return least.flatMap(([what, count, wanted]) =>
    count < wanted ? [`${what}: ${count}, at least ${wanted} are needed`] : [],
  );
};

const leastFaults = (kind: FaultKind, seconds: number): number =>
  Math.max(1, Math.floor(seconds / (SECONDS_PER[kind] ?? SECONDS_PER_RARE_FAULT)));

/** What the guarantee forbids. */
export const failures = (run: Outcome): string[] => [
  ...(run.drainSeconds === undefined ? ['not drained within 60 s'] : []),
  ...run.strangeAnswers.map((answer) => `strange answer to ${answer}`),
  ...run.violations.map(({ kind, about, what }) => `${kind}: ${about}: ${what}`),
];

export const countCommands = (commands: readonly AnsweredCommand[]) => {
  const done = commands.filter(({ outcome }) => outcome === 'done');
  const cancelled = done.filter(({ type }) => type === 'cancel').length;
  return { cancelled, dispatched: done.length - cancelled, refused: commands.length - done.length };
};
