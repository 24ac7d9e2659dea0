/** What the API of the context answers, as far as these pages read it. */
export type Me = {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly account: string;
};

export const ROLES = ['owner', 'billing', 'developer'] as const;
export type Role = (typeof ROLES)[number];

/** `amount` is in minor units: cents. */
export type Money = { readonly amount: number; readonly currency: string };

export type Account = {
  readonly account: string;
  readonly displayName?: string;
  readonly status: string;
  readonly lockReasons: readonly string[];
  readonly balance: Money;
  readonly plan?: string;
  /** Prices that hold this month. */
  readonly prices?: Prices;
  readonly overdraft?: { readonly amount: number };
  readonly unpaidInvoices: readonly string[];
  readonly subscriptions: readonly Subscription[];
};

export type Subscription = {
  readonly subscriptionId: string;
  readonly name: string;
  readonly plan: string;
  readonly state: string;
};

export type User = {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly status: string;
};

export type Key = {
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
  readonly previousUntil?: string;
};

export type NewSecret = { readonly key: Key; readonly secret: string };

export type Entry = {
  readonly entryId: string;
  readonly type: string;
  readonly amount: number;
  readonly balance: number;
  readonly cause: string;
  readonly at: string;
  readonly for?: ChargedFor;
  readonly note?: string;
  readonly reason?: string;
};

export type ChargedFor = {
  readonly month: string;
  readonly plan: string;
  readonly meter: string;
  readonly units: number;
  readonly unitPrice: number;
};

export type Consumption = {
  readonly days: readonly { readonly day: string; readonly units: Readonly<Record<string, number>> }[];
  readonly totals: Readonly<Record<string, number>>;
};

export type Invoice = {
  readonly id: string;
  readonly number?: string;
  readonly period: string;
  readonly status: string;
  readonly total: Money;
};

export type Prices = {
  readonly currency: string;
  readonly basePerMonth: number;
  readonly perUnit: Readonly<Record<string, number>>;
  readonly included: Readonly<Record<string, number>>;
};

export type Plan = { readonly plan: string; readonly displayName: string; readonly prices?: Prices };

export type Page<Item> = { readonly items: readonly Item[]; readonly next?: string };
