import { equal } from 'node:assert/strict';
import { ApiError, ConnectionLost } from './api-error.ts';
import { deservesCondition, isTransient } from './failure.ts';
import { ReconcileError } from './reconcile-error.ts';

const answer = (status: number, reason: string, message = '') => new ApiError(message, { status, reason });
const because = (cause: Error) => new Error('cannot apply ConfigMap a/b', { cause });

const invalid = 'metadata.uid: Invalid value: "u1": field is immutable';
const terminating =
  'configmaps "a" is forbidden: unable to create new content in namespace b because it is being terminated';

describe('a failure', () => {
  const transient: [string, Error][] = [
    ['a lost connection', new ConnectionLost('reset')],
    ['a conflict', answer(409, 'Conflict')],
    ['an object that was made anew', answer(422, 'Invalid', invalid)],
    ['a namespace that is going', answer(403, 'Forbidden', terminating)],
    ['a namespace that has gone', answer(404, 'NotFound')],
    ['a busy API server', answer(429, 'TooManyRequests')],
    ['a broken API server', answer(500, 'InternalError')],
  ];
  for (const [what, error] of transient) {
    it(`from ${what} passes by itself`, () => {
      equal(isTransient(error), true);
      equal(isTransient(because(error)), true);
      equal(deservesCondition(because(error), 1), false);
    });
  }

  const others: [string, Error][] = [
    ['a controller', new ReconcileError('NotOurs', 'It is not ours.')],
    ['an effect', new Error('cannot make a user: the database is away')],
    ['a refusal', answer(403, 'Forbidden', 'exceeded quota')],
    ['an invalid object', answer(422, 'Invalid', 'spec.ports: Required value')],
  ];
  for (const [what, error] of others) {
    it(`from ${what} is said at once`, () => {
      equal(isTransient(error), false);
      equal(deservesCondition(because(error), 1), true);
    });
  }

  it('that usually passes is said when it lasts', () => {
    equal(deservesCondition(because(answer(500, 'InternalError')), 5), true);
    equal(deservesCondition(because(answer(404, 'NotFound')), 5), true);
  });

  it('that says nothing of the parent is never said', () => {
    equal(deservesCondition(because(answer(409, 'Conflict')), 50), false);
    equal(deservesCondition(new ConnectionLost('reset'), 50), false);
  });
});
