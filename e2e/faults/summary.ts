import { countCommands, failures, invalidities, type Outcome } from './verdict.ts';

const SHOWN = 20;

/** A table for people, and the verdict under it. */
export const summary = (run: Outcome): string => {
  const { cancelled, dispatched, refused } = countCommands(run.commands);
  const rows: [string, string | number][] = [
    ['seed', run.seed],
    ['load and faults', `${run.seconds.toFixed(0)} s at ${run.ordersPerSecond} orders/s`],
    ['orders acknowledged', run.orders],
    ['orders cancelled', cancelled],
    ['shipments dispatched', dispatched],
    ['cancels and dispatches refused', refused],
    ['reservations refused', run.refusedReservations],
    ['orders reinstated', run.reinstatedOrders],
    ['requests answered', run.requests.answered],
    ['requests counted', `${run.requests.counted} of ${run.requests.sent} sent`],
    ['usage windows charged', run.windows],
    ...Object.entries(run.faults),
    ['drained after', run.drainSeconds === undefined ? 'more than 60 s' : `${run.drainSeconds.toFixed(1)} s`],
    ['violations', run.violations.length],
  ];
  const table = rows.map(([name, value]) => `  ${name.padEnd(32)}${value}`);
  return ['', ...table, '', ...verdict(run)].join('\n');
};

const verdict = (run: Outcome): string[] => {
  const faults = failures(run);
  const reasons = invalidities(run);
  if (faults.length > 0) return ['FAILED', ...listed(faults), ...listed(reasons)];
  if (reasons.length > 0) return ['INVALID: the run proves nothing', ...listed(reasons)];
  return ['PASSED: nothing lost, nothing twice, all in order, no tenant in another'];
};

const listed = (lines: readonly string[]): string[] => {
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN).map((line) => `  ${line}`), ...(more > 0 ? [`  and ${more} more`] : [])];
};
