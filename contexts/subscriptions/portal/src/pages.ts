import type { FunctionComponent } from 'preact';
import { Balance } from './pages/balance.tsx';
import { ConsumptionPage } from './pages/consumption.tsx';
import { Invoices } from './pages/invoices.tsx';
import { Keys } from './pages/keys.tsx';
import { PlanPage } from './pages/plan.tsx';
import { Users } from './pages/users.tsx';
import type { IconName } from './parts/icon.tsx';
import { ROLES, type Role } from './wire.ts';

export type PortalPage = {
  readonly path: string;
  readonly title: string;
  readonly icon: IconName;
  readonly Content: FunctionComponent;
  /** Who may read it, as the context's rules say; it refuses others in any case. */
  readonly roles: readonly Role[];
};

const pages: readonly PortalPage[] = [
  { path: '/', title: 'Consumption', icon: 'bars', Content: ConsumptionPage, roles: ROLES },
  { path: '/balance', title: 'Balance', icon: 'wallet', Content: Balance, roles: ['owner', 'billing'] },
  { path: '/keys', title: 'Keys', icon: 'key', Content: Keys, roles: ['owner', 'developer'] },
  { path: '/users', title: 'Users', icon: 'people', Content: Users, roles: ['owner'] },
  { path: '/invoices', title: 'Invoices', icon: 'paper', Content: Invoices, roles: ['owner', 'billing'] },
  { path: '/plan', title: 'Plan', icon: 'layers', Content: PlanPage, roles: ROLES },
];

export const pagesOf = (role: Role): readonly PortalPage[] =>
  pages.filter(({ roles }) => roles.includes(role));
