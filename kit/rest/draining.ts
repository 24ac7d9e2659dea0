import type { RestMiddleware } from './state.ts';

/** While the process drains, every answer asks its client to open its next connection elsewhere. */
export const draining = (isDraining: () => boolean): RestMiddleware => {
  return async (ctx, next) => {
    await next();
    if (isDraining()) ctx.set('Connection', 'close');
  };
};
