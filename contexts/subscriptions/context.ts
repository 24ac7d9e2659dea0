import type { BoundedContext } from '../../kit/context/context.ts';
import { accountAggregates } from './account-aggregates.ts';
import { accountStatuses } from './account-errors.ts';
import { accountApi } from './api-account.ts';
import { auditApi } from './audit/api.ts';
import { audit } from './audit/audit.ts';
import { guarded } from './authorisation.ts';
import { subscriptions as language } from './contract.ts';
import { userStatuses } from './errors.ts';
import { keyApi } from './key/api.ts';
import { key } from './key/key.ts';
import { keyUse, onUsageRecorded } from './key/key-use.ts';
import { servePortal } from './portal/serve-portal.ts';
import { accountReactions } from './reactions.ts';
import { accountSchedules } from './schedules.ts';
import { signInApi } from './sign-in/api.ts';
import { attempts } from './sign-in/attempts.ts';
import { authenticate } from './sign-in/authenticate.ts';
import { invitation } from './sign-in/invitation.ts';
import { password } from './sign-in/password.ts';
import { signInSchedules } from './sign-in/schedules.ts';
import { session } from './sign-in/session.ts';
import { accountStaff } from './staff-account.ts';
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
  aggregates: [user, team, password, attempts, invitation, session, key, keyUse, ...accountAggregates],
  api: [...signInApi, ...userApi, ...keyApi, ...auditApi, ...accountApi].map(guarded),
  staff: [...userStaff, ...accountStaff],
  authenticate,
  pages: servePortal(),
  reactions: [...accountReactions, onUsageRecorded],
  schedules: [...signInSchedules, ...accountSchedules],
  projections: [audit],
  refusals: { ...userStatuses, ...accountStatuses },
};
