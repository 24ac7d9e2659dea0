import { equal } from 'node:assert/strict';
import { ApiError, ConnectionLost } from './api-error.ts';
import { NoAnswer } from './exchange.ts';
import { APPLY, repeatAfterMs } from './repeats.ts';

const refused = (status: number, retryAfterSeconds?: number): ApiError =>
  new ApiError('', { status, reason: '', retryAfterSeconds });

const get = { method: 'GET' } as const;
const apply = { method: 'PATCH', contentType: APPLY } as const;
const post = { method: 'POST' } as const;
const mergePatch = { method: 'PATCH', contentType: 'application/merge-patch+json' } as const;

describe('repeatAfterMs', () => {
  for (const status of [429, 503]) {
    it(`waits as long as ${status} says, even for a request that changes something`, () =>
      equal(repeatAfterMs({ request: post, error: refused(status, 2), failures: 1 }), 2_000));

    it(`does not repeat ${status} that does not say when`, () =>
      equal(repeatAfterMs({ request: get, error: refused(status), failures: 1 }), undefined));
  }

  it('does not wait longer than a minute', () =>
    equal(repeatAfterMs({ request: get, error: refused(429, 86_400), failures: 1 }), 60_000));

  it('gives up after the fifth refusal', () =>
    equal(repeatAfterMs({ request: get, error: refused(429, 1), failures: 6 }), undefined));

  for (const status of [400, 404, 409, 410, 422, 500, 504]) {
    it(`does not repeat ${status}`, () =>
      equal(repeatAfterMs({ request: get, error: refused(status, 1), failures: 1 }), undefined));
  }

  for (const request of [get, apply]) {
    it(`repeats ${request.method} when the connection broke, twice`, () => {
      equal(repeatAfterMs({ request, error: new ConnectionLost(), failures: 1 }), 50);
      equal(repeatAfterMs({ request, error: new ConnectionLost(), failures: 2 }), 100);
      equal(repeatAfterMs({ request, error: new ConnectionLost(), failures: 3 }), undefined);
    });
  }

  for (const request of [post, mergePatch, { method: 'PUT' }, { method: 'DELETE' }] as const) {
    it(`does not repeat ${request.method} when the connection broke: it may have taken effect`, () =>
      equal(repeatAfterMs({ request, error: new ConnectionLost(), failures: 1 }), undefined));
  }

  it('does not repeat what was not answered in time', () => {
    const error = new ConnectionLost('', { cause: new NoAnswer() });
    equal(repeatAfterMs({ request: get, error, failures: 1 }), undefined);
  });

  it('does not repeat what failed for a reason of our own', () =>
    equal(repeatAfterMs({ request: get, error: new TypeError(), failures: 1 }), undefined));
});
