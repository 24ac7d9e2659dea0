import { RequestRefused } from './errors.ts';
import type { RestMiddleware } from './state.ts';

const HEADER = 'x-tenant';
const PERMANENT_ID = /^[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?$/;
/** The tenant of the platform's own facts: nobody may speak for it. */
const RESERVED = 'platform';

/**
 * Whose request it is. The header is believed as it stands, so whoever stands in front must set it; this
 * wrapper is the one place to change for a verified identity.
 */
export const tenant = (): RestMiddleware => (ctx, next) => {
  const given = ctx.req.headers[HEADER];
  if (typeof given !== 'string' || given === '') {
    throw new RequestRefused(
      'tenant-missing',
      `the header ${HEADER} is missing: send the tenant's permanent id`,
    );
  }
  if (!PERMANENT_ID.test(given) || given === RESERVED) {
    throw new RequestRefused(
      'tenant-malformed',
      `the header ${HEADER} is not a permanent id: 1 to 39 of a-z, 0-9 and inner dashes, not "${RESERVED}"`,
    );
  }
  ctx.state.tenant = given;
  return next();
};
