import type Koa from 'koa';
import type { Cause } from '../event/cloud-event.ts';
import type { Identity } from '../identity/identity.ts';

/** What the wrappers leave for those inside of them. */
export type RestState = {
  requestId: string;
  cause: Cause;
  /** Set by the wrappers of `identify.ts` alone, like the two below; the tenant is the identity's. */
  tenant: string;
  identity: Identity;
  /** Who is written down as having done it: `user/…`, `key/…`, `staff`. */
  actor?: string;
  /** The template, `/v1/orders/{id}`, once a route matched. */
  route?: string;
};

export type RestMiddleware = Koa.Middleware<RestState>;
export type RestContext = Parameters<RestMiddleware>[0];
