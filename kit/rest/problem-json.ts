import type { Logger } from 'pino';
import { type Problem, problemBody, problemOf, type Statuses } from './problem.ts';
import type { RestContext, RestMiddleware } from './state.ts';

/** Answers whatever is thrown inside as application/problem+json and logs what is our own fault. */
export const problemJson = (
  statuses: Statuses,
  logger: Logger,
  onProblem: (problem: Problem) => void = () => undefined,
): RestMiddleware => {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = problemOf(error, statuses);
      log(logger, { error, problem, ctx });
      onProblem(problem);
      answer(ctx, problem);
    }
  };
};

const answer = (ctx: RestContext, problem: Problem): void => {
  ctx.status = problem.status;
  ctx.set(problem.headers);
  ctx.set('Content-Type', 'application/problem+json; charset=utf-8');
  ctx.body = problemBody(problem, { instance: ctx.path, requestId: ctx.state.requestId });
};

type Failure = { readonly error: unknown; readonly problem: Problem; readonly ctx: RestContext };

const log = (logger: Logger, { error, problem, ctx }: Failure): void => {
  if (problem.status < 500) return;
  const { requestId, tenant, route, cause } = ctx.state;
  const fields = {
    err: error,
    requestId,
    tenant,
    route,
    code: problem.code,
    traceparent: cause?.traceparent,
  };
  if (problem.code === 'internal-error') logger.error(fields, 'cannot answer: an error that no table knows');
  else logger.warn(fields, 'cannot answer for now');
};
