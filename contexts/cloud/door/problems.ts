import type { Logger } from 'pino';
import type { Counter } from 'prom-client';
import { problemBody, problemOf } from '../../../kit/rest/problem.ts';
import { Refused, statuses } from '../errors.ts';
import type { DoorMiddleware } from './state.ts';

/** Answers whatever is thrown inside as application/problem+json, with the headers that its status asks for. */
export const problems = (logger: Logger, refusals?: Counter<'code'>): DoorMiddleware => {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = problemOf(error, statuses);
      const { requestId, route } = ctx.state;
      refusals?.inc({ code: problem.code });
      if (problem.status >= 500) logger.warn({ err: error, requestId, route }, 'cannot answer');
      ctx.status = problem.status;
      ctx.set({ ...problem.headers, ...(error instanceof Refused && error.headers) });
      ctx.set('Content-Type', 'application/problem+json; charset=utf-8');
      ctx.body = problemBody(problem, { instance: ctx.path, requestId });
    }
  };
};
