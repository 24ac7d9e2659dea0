import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { refusal, watchRefusal } from './refusal.ts';

const status = (fields: object): string => JSON.stringify({ kind: 'Status', apiVersion: 'v1', ...fields });

const configMap = { method: 'PUT', path: '/api/v1/namespaces/a/configmaps/b' } as const;
const secret = { method: 'PATCH', path: '/api/v1/namespaces/a/secrets/b' } as const;

describe('refusal', () => {
  it('says method, path, status and what the API server said', () => {
    const text = status({ message: 'the object has been modified', reason: 'Conflict', code: 409 });
    const error = refusal(configMap, { status: 409, headers: {}, text });
    equal(error.message, 'PUT /api/v1/namespaces/a/configmaps/b: 409 Conflict: the object has been modified');
    deepEqual([error.status, error.reason, error.retryAfterSeconds], [409, 'Conflict', undefined]);
  });

  it('reads the header Retry-After', () => {
    const error = refusal(configMap, { status: 429, headers: { 'retry-after': '7' }, text: '' });
    deepEqual([error.reason, error.retryAfterSeconds], ['TooManyRequests', 7]);
  });

  it('takes the seconds of the details where there is no header', () => {
    const text = status({ code: 500, reason: 'ServerTimeout', details: { retryAfterSeconds: 3 } });
    equal(refusal(configMap, { status: 500, headers: {}, text }).retryAfterSeconds, 3);
  });

  it('does not wait for a date, which is on the clock of another', () => {
    const headers = { 'retry-after': 'Wed, 21 Oct 2037 07:28:00 GMT' };
    equal(refusal(configMap, { status: 503, headers, text: '' }).retryAfterSeconds, undefined);
  });

  it('says the beginning of an answer that is no Status', () => {
    const text = `<html>${'x'.repeat(10_000)}`;
    const { message } = refusal(configMap, { status: 502, headers: {}, text });
    match(message, /: 502 BadGateway: <html>x+$/);
    equal(message.length < 300, true);
  });

  for (const code of [400, 422, 500]) {
    it(`leaves out what may quote a Secret (${code})`, () => {
      const text = status({ code, message: 'data.password: expected string, got hunter2' });
      doesNotMatch(refusal(secret, { status: code, headers: {}, text }).message, /hunter2/);
    });
  }

  it('names the fields of a Secret that are wrong', () => {
    const details = { causes: [{ field: 'data[password]', message: 'hunter2' }] };
    const text = status({ code: 422, message: 'hunter2', details });
    match(refusal(secret, { status: 422, headers: {}, text }).message, /see data\[password\]$/);
  });

  it('says why a Secret was not found', () => {
    const text = status({ code: 404, message: 'secrets "b" not found', reason: 'NotFound' });
    match(refusal(secret, { status: 404, headers: {}, text }).message, /secrets "b" not found/);
  });
});

describe('watchRefusal', () => {
  it('takes the status from the object', () => {
    const error = watchRefusal('/api/v1/configmaps', { code: 410, reason: 'Expired', message: 'too old' });
    deepEqual([error.status, error.reason], [410, 'Expired']);
  });
});
