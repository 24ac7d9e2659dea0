import type { DoorMiddleware } from './state.ts';

/** Says whose key it is and what it may do. It costs nothing: it is not metered. */
export const whoami = (): DoorMiddleware => (ctx) => {
  const { tenant, userId, keyId, scopes, expiresAt } = ctx.state.caller;
  ctx.state.route = '/api/whoami';
  const expires = Number.isFinite(expiresAt) ? { expiresAt: new Date(expiresAt).toISOString() } : {};
  ctx.type = 'application/json';
  ctx.body = JSON.stringify({ account: tenant, user: userId, key: keyId, scopes, ...expires });
};
