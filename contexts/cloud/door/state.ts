import type Koa from 'koa';
import type { RestState } from '../../../kit/rest/state.ts';
import type { HeldCredential } from '../replica/credentials.ts';

/** What the wrappers of the front door leave for those inside of them. */
export type DoorState = RestState & {
  /** Set by `authenticate` alone. */
  caller: HeldCredential;
};

export type DoorMiddleware = Koa.Middleware<DoorState>;
export type DoorContext = Parameters<DoorMiddleware>[0];
