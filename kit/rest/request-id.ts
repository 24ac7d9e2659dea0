import { v7 as uuidv7 } from 'uuid';
import { randomBytes } from '../telemetry/random-bytes.ts';
import type { RestMiddleware } from './state.ts';

/** Short and without anything that could forge a line of a log. */
const SANE = /^[A-Za-z0-9._:-]{1,128}$/;

export const isSaneId = (id: string): boolean => SANE.test(id);

/** Names the request: as the caller does if that is sane, else with a UUIDv7; the answer says the name. */
export const requestId = (): RestMiddleware => (ctx, next) => {
  const given = ctx.req.headers['x-request-id'];
  const id = typeof given === 'string' && isSaneId(given) ? given : uuidv7({ random: randomBytes(16) });
  ctx.state.requestId = id;
  ctx.res.setHeader('x-request-id', id);
  return next();
};
