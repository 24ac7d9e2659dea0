import type { History, LedgerEntry, UsageWindow, Violation, WrittenEvent } from './history.ts';

/**
 * What was answered is counted, what was counted was sent, every window is charged exactly once and to its account, and
 * each ledger adds up to its balance.
 */
export const usageFaults = ({ promised, effects }: History): Violation[] => {
  const windows = effects.events.filter(isWindow);
  const owners = new Map(windows.map(({ tenant, data }) => [causeOf(data as UsageWindow), tenant]));
  return promised.requests.flatMap((requests) => {
    const { tenant } = requests;
    const ours = <T extends { tenant: string }>(all: readonly T[]) =>
      all.filter((one) => one.tenant === tenant);
    const told = ours(windows).map(({ data }) => data as UsageWindow);
    const entries = ours(effects.usage.entries).toSorted((a, b) => Number(a.entryId) - Number(b.entryId));
    const balance = ours(effects.usage.balances)[0]?.amount;
    const waiting = ours(effects.usage.waiting);
    return [
      ...waiting.map(({ meter, units }): Violation => {
        return { kind: 'loss', about: tenant, what: `${units} ${meter} are in no window` };
      }),
      ...countFaults(requests, [...told, ...waiting]),
      ...told.flatMap((window) => chargeFaults(tenant, window, entries)),
      ...foundlings(tenant, entries, owners),
      ...consumptionFaults(tenant, told, ours(effects.usage.consumed)),
      ...ledgerFaults(tenant, entries, balance),
    ];
  });
};

export const isWindow = ({ context, type }: WrittenEvent): boolean =>
  context === 'cloud' && type === 'usage-recorded';

const causeOf = ({ windowId }: UsageWindow) => `window/${windowId}`;

type Units = { readonly meter: string; readonly units: number };

/** Requests of one account, whether they are in a window yet or not. */
export const countedRequests = (counts: readonly Units[]): number =>
  counts.filter(({ meter }) => meter === 'requests').reduce((sum, { units }) => sum + units, 0);

const countFaults = (
  { tenant, sent, answered }: History['promised']['requests'][number],
  counts: readonly Units[],
): Violation[] => {
  const counted = countedRequests(counts);
  const fault = (kind: Violation['kind'], what: string): Violation => ({ kind, about: tenant, what });
  if (counted < answered) return [fault('loss', `${answered} requests answered, ${counted} counted`)];
  if (counted > sent) return [fault('duplicate', `${sent} requests sent, ${counted} counted`)];
  return [];
};

const chargeFaults = (tenant: string, window: UsageWindow, entries: readonly LedgerEntry[]): Violation[] => {
  const about = `${tenant}/${window.windowId}`;
  const [charge, ...more] = entries.filter(({ cause }) => cause === causeOf(window));
  if (charge?.for === undefined) return [{ kind: 'loss', about, what: 'the window was not charged' }];
  if (more.length > 0)
    return [{ kind: 'duplicate', about, what: `the window was charged ${1 + more.length} times` }];
  const { meter, units, unitPrice } = charge.for;
  const isSame = meter === window.meter && units === window.units && charge.amount === -units * unitPrice;
  return isSame
    ? []
    : [
        {
          kind: 'wrong sum',
          about,
          what: `${window.units} ${window.meter} were charged as ${units} ${meter}`,
        },
      ];
};

/** Charges for windows that nobody told, or of another account. */
const foundlings = (
  tenant: string,
  entries: readonly LedgerEntry[],
  owners: ReadonlyMap<string, string>,
): Violation[] =>
  entries.flatMap(({ cause }): Violation[] => {
    if (!cause.startsWith('window/') || owners.get(cause) === tenant) return [];
    const owner = owners.get(cause);
    return owner === undefined
      ? [{ kind: 'unfounded', about: tenant, what: `charged for ${cause}, which nobody told` }]
      : [{ kind: 'cross-tenant', about: tenant, what: `charged for ${cause} of ${owner}` }];
  });

const consumptionFaults = (
  tenant: string,
  told: readonly UsageWindow[],
  consumed: readonly (Units & { readonly day: string })[],
): Violation[] => {
  const expected = new Map<string, number>();
  for (const { from, meter, units } of told) {
    const name = `${from.slice(0, 10)} ${meter}`;
    expected.set(name, (expected.get(name) ?? 0) + units);
  }
  const shown = new Map(consumed.map(({ day, meter, units }) => [`${day} ${meter}`, units]));
  return [...new Set([...expected.keys(), ...shown.keys()])].flatMap((name): Violation[] => {
    const [want = 0, have = 0] = [expected.get(name), shown.get(name)];
    if (want === have) return [];
    const what = `${have} of ${name} are shown as consumed, not ${want}`;
    return [{ kind: have < want ? 'loss' : 'duplicate', about: tenant, what }];
  });
};

/** Entries are numbered without a gap, each goes on from the balance before it, and the last has the account's. */
const ledgerFaults = (
  about: string,
  entries: readonly LedgerEntry[],
  balance: number | undefined,
): Violation[] => {
  let sum = 0;
  const faults = entries.flatMap((entry, index): Violation[] => {
    sum += entry.amount;
    if (entry.entryId !== String(index + 1))
      return [{ kind: 'loss', about, what: `entry ${entry.entryId} of the ledger is at place ${index + 1}` }];
    if (entry.balance === sum) return [];
    return [
      { kind: 'wrong sum', about, what: `after entry ${entry.entryId} are ${entry.balance}, not ${sum}` },
    ];
  });
  if (balance === sum) return faults;
  return [
    ...faults,
    { kind: 'wrong sum', about, what: `the balance is ${balance}, the ledger's sum ${sum}` },
  ];
};
