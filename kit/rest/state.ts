import type Koa from 'koa';
import type { Cause } from '../event/cloud-event.ts';

/** What the wrappers leave for those inside of them. */
export type RestState = {
  requestId: string;
  cause: Cause;
  /** Set by the tenant wrapper alone. */
  tenant: string;
  /** The template, `/v1/orders/{id}`, once a route matched. */
  route?: string;
};

export type RestMiddleware = Koa.Middleware<RestState>;
export type RestContext = Parameters<RestMiddleware>[0];
