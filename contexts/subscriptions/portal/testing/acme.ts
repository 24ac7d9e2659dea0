import type { Page } from 'playwright-core';
import { monthOf, previousMonth, startOf } from '../../pricing/month.ts';
import { ACME } from '../../testing/people.ts';
import { type Fact, planFact, subscriptionFact, tenantFact, usageFact } from './courier.ts';
import type { ServedSubscriptions } from './serve-subscriptions.ts';

const now = new Date().toISOString();
export const THIS_MONTH = monthOf(now);
export const LAST_MONTH = previousMonth(THIS_MONTH);
export const TODAY = now.slice(0, 10);

const daysFrom = (day: string): string[] => {
  const days: string[] = [];
  for (let at = Date.parse(day); at <= Date.parse(TODAY); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
};

/** A working week with quiet ends, the same in every run. */
const usageOf = (day: string, index: number): Fact[] => {
  const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
  const units = isWeekend ? 60 + ((index * 37) % 50) : 240 + ((index * 137) % 260);
  const from = `${day}T00:00:10.000Z`;
  return [
    usageFact(ACME, { from, meter: 'requests', units }),
    usageFact(ACME, { from, meter: 'bytes', units: units * 18_000 }),
  ];
};

/** An account since the month before, with two plans to choose from and something used on every day. */
export const openAcme = async (served: ServedSubscriptions): Promise<void> => {
  const since = startOf(LAST_MONTH);
  await served.tell([
    planFact('starter', { displayName: 'Starter', basePerMonth: 900, requests: 5_000 }, since),
    planFact('team', { displayName: 'Team', basePerMonth: 4_900, requests: 50_000 }, since),
    tenantFact(ACME, 'Acme Teapots', since),
  ]);
  await served.tell([subscriptionFact(ACME, 'starter', since)]);
  await served.tell(daysFrom(since.slice(0, 10)).flatMap(usageOf));
};

export const topUp = (served: ServedSubscriptions, amount: number, cause: string) =>
  served.staff(`/v1/accounts/${ACME}/top-ups`, { amount, cause, note: 'Bank transfer' });

/** @returns the path of the link, as the staff passes it on. */
export const ownersLink = async (
  served: ServedSubscriptions,
  email: string,
  name: string,
): Promise<string> => {
  const invited = await served.staff(`/v1/accounts/${ACME}/owner-invitations`, { email, name });
  return String(invited['invitationLink']);
};

/** On the page of invoices, which does not read again by itself: nobody waits there for a run. */
export const untilInvoiced = async (page: Page): Promise<void> => {
  while ((await page.getByText('CAD-00000001').count()) === 0) {
    await page.reload();
    await page.getByRole('heading', { name: 'Invoices' }).waitFor();
    await page.getByText('Loading …').first().waitFor({ state: 'detached' });
  }
};
