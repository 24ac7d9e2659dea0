import assert from 'node:assert/strict';
import { MongoError, MongoNetworkError, MongoServerError } from 'mongodb';
import { ConcurrencyConflict, DomainError } from '../aggregate/errors.ts';
import { RequestRefused } from './errors.ts';
import { problemBody, problemOf } from './problem.ts';

const labelled = (label: string): MongoError => {
  const error = new MongoError('of the driver');
  error.addErrorLabel(label);
  return error;
};

describe('problemOf', () => {
  const statuses = { 'order-shipped': 409 };
  const problems: [string, unknown, number, string][] = [
    ['a rule', new DomainError('order-shipped', 'it left'), 409, 'order-shipped'],
    ['a rule without a status', new DomainError('forgotten', 'secret'), 500, 'internal-error'],
    ['a refused request', new RequestRefused('body-too-large', 'too much'), 413, 'body-too-large'],
    ["a refusal of a door's own", new RequestRefused<string>('order-shipped', 'no'), 409, 'order-shipped'],
    ['a refusal without a status', new RequestRefused<string>('forgotten', 'secret'), 500, 'internal-error'],
    ["a rule under a code of the kit's", new DomainError('body-too-large', 'secret'), 500, 'internal-error'],
    ['a conflict that lasted', new ConcurrencyConflict('orders'), 409, 'concurrency-conflict'],
    ['a lost connection', new MongoNetworkError('secret host'), 503, 'temporarily-unavailable'],
    ['an unknown outcome', labelled('UnknownTransactionCommitResult'), 503, 'temporarily-unavailable'],
    ['an election', labelled('RetryableWriteError'), 503, 'temporarily-unavailable'],
    ['a refusal of MongoDB', new MongoServerError({ message: 'secret', code: 2 }), 500, 'internal-error'],
    ['a bug', new TypeError('secret is undefined'), 500, 'internal-error'],
    ['no error at all', 'secret', 500, 'internal-error'],
  ];
  for (const [what, error, status, code] of problems) {
    it(`makes ${what} ${status} ${code}`, () => {
      const problem = problemOf(error, statuses);
      assert.deepEqual([problem.status, problem.code], [status, code]);
      assert.doesNotMatch(problem.detail, /secret/);
    });
  }

  it('has the headers and the detail of a refusal', () => {
    const refused = new RequestRefused('scope-missing', 'no', {
      detail: { scope: 'a:b' },
      headers: { A: 'b' },
    });
    const { headers, more } = problemOf(refused, {});
    assert.deepEqual([headers, more], [{ A: 'b' }, { scope: 'a:b' }]);
  });

  it('says when to come back after a temporary failure', () => {
    assert.ok(Number(problemOf(new MongoNetworkError('x'), {}).headers['Retry-After']) > 0);
  });
});

describe('problemBody', () => {
  it('lets the standard members win over details of the same name', () => {
    const error = new DomainError('order-shipped', 'it left', { status: 200, code: 'ok', orderId: 'o-1' });
    const body = problemBody(problemOf(error, { 'order-shipped': 409 }), {
      instance: '/v1/o',
      requestId: 'r-1',
    });
    assert.deepEqual(JSON.parse(body), {
      orderId: 'o-1',
      type: 'https://cadastre.dev/problems/order-shipped',
      title: 'Order shipped',
      status: 409,
      code: 'order-shipped',
      detail: 'it left',
      instance: '/v1/o',
      requestId: 'r-1',
    });
  });
});
