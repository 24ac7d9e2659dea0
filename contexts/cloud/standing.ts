import { aggregate } from '../../kit/aggregate/aggregate.ts';

/** One subscription of the account, as the operator says. */
export type Subscribed = {
  readonly subscriptionId: string;
  readonly plan: string;
  readonly isActive: boolean;
  /** When it was first heard of. */
  readonly since: string;
};

export type StandingEvent =
  | { readonly type: 'Locked'; readonly data: { readonly reasons: readonly string[] } }
  | { readonly type: 'Unlocked'; readonly data: Record<string, never> }
  | { readonly type: 'Subscribed'; readonly data: Subscribed }
  | { readonly type: 'Unsubscribed'; readonly data: { readonly subscriptionId: string } };

/** How an account stands: it is locked while there are reasons; its plan is that of its oldest active subscription. */
export type Standing = {
  readonly reasons: readonly string[];
  readonly subscriptions: readonly Subscribed[];
  readonly plan?: string | undefined;
};

/** A tenant has one account. */
export const ACCOUNT = 'account';

const evolve = (state: Standing, event: StandingEvent): Standing => {
  switch (event.type) {
    case 'Locked':
      return { ...state, reasons: event.data.reasons };
    case 'Unlocked':
      return { ...state, reasons: [] };
    case 'Subscribed':
      return led(state, subscribed(state.subscriptions, event.data));
    case 'Unsubscribed':
      return led(
        state,
        state.subscriptions.filter((one) => one.subscriptionId !== event.data.subscriptionId),
      );
  }
};

const subscribed = (all: readonly Subscribed[], news: Subscribed): Subscribed[] => {
  const before = all.find(({ subscriptionId }) => subscriptionId === news.subscriptionId);
  const others = all.filter((one) => one !== before);
  return [...others, { ...news, since: before?.since ?? news.since }].sort(byAge);
};

const byAge = (one: Subscribed, other: Subscribed): number =>
  one.since < other.since || (one.since === other.since && one.subscriptionId < other.subscriptionId)
    ? -1
    : 1;

const led = ({ reasons }: Standing, subscriptions: readonly Subscribed[]): Standing => {
  const plan = subscriptions.find(({ isActive }) => isActive)?.plan;
  return { reasons, subscriptions, ...(plan !== undefined && { plan }) };
};

export const standing = aggregate<Standing, StandingEvent>({
  kind: 'standing',
  collection: 'standings',
  initialState: () => ({ reasons: [], subscriptions: [] }),
  evolve,
});
