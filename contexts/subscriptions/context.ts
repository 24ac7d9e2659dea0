import type { BoundedContext } from '../../kit/context/context.ts';
import { account } from './account/account.ts';
import { accountApi } from './account/api.ts';
import { receipt } from './account/receipt.ts';
import { accountStaff } from './account/staff.ts';
import { auditApi } from './audit/api.ts';
import { audit } from './audit/audit.ts';
import { guarded } from './authorisation.ts';
import { consumptionApi } from './consumption/api.ts';
import { consumption, tally } from './consumption/consumption.ts';
import { subscriptions as language } from './contract.ts';
import { statuses } from './errors.ts';
import { invoiceApi, invoiceStaff } from './invoice/api.ts';
import { invoice } from './invoice/invoice.ts';
import { invoiceRun } from './invoice/invoice-run.ts';
import { issuer } from './invoice/issuer.ts';
import { keyApi } from './key/api.ts';
import { key } from './key/key.ts';
import { keyUse, onUsageRecorded } from './key/key-use.ts';
import { planChange } from './plan-change/plan-change.ts';
import { servePortal } from './portal/serve-portal.ts';
import { priceList } from './pricing/price-list.ts';
import { accountReactions } from './reactions.ts';
import { accountSchedules } from './schedules.ts';
import { addressFailures } from './sign-in/address-failures.ts';
import { signInApi } from './sign-in/api.ts';
import { attempts } from './sign-in/attempts.ts';
import { authenticate } from './sign-in/authenticate.ts';
import { invitation } from './sign-in/invitation.ts';
import { password } from './sign-in/password.ts';
import { signInSchedules } from './sign-in/schedules.ts';
import { session } from './sign-in/session.ts';
import { userApi, userStaff } from './user/api.ts';
import { team } from './user/team.ts';
import { user } from './user/user.ts';

export const subscriptions: BoundedContext = {
  name: 'subscriptions',
  version: '0.1.0',
  scope: 'Platform',
  publishes: language,
  upstreams: [
    { context: 'platform', relation: 'Conformist', start: 'snapshot', staleness: 'PT5S' },
    { context: 'cloud', relation: 'CustomerSupplier', start: 'retained', staleness: 'PT15S' },
  ],
  aggregates: [
    ...[user, team, password, attempts, addressFailures, invitation, session, key, keyUse],
    ...[account, receipt, consumption, tally, invoice, invoiceRun, issuer, planChange, priceList],
  ],
  api: [signInApi, userApi, keyApi, auditApi, accountApi, consumptionApi, invoiceApi].flat().map(guarded),
  staff: [...userStaff, ...accountStaff, ...invoiceStaff],
  authenticate,
  pages: servePortal(),
  reactions: [...accountReactions, onUsageRecorded],
  schedules: [...signInSchedules, ...accountSchedules],
  projections: [audit],
  refusals: statuses,
};
