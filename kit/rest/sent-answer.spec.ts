import { equal } from 'node:assert/strict';
import { toSent } from './sent-answer.ts';

describe('an answer as it is sent', () => {
  it('is JSON', () => {
    equal(toSent({ status: 200, body: 'text' }).body, '"text"');
    equal(toSent({ status: 204, body: undefined }).body, '');
  });
  it('is the text as it stands where the route names its type', () => {
    const { body, headers } = toSent({ status: 200, body: '<p>' }, 'text/html');
    equal(body, '<p>');
    equal(headers['content-type'], 'text/html; charset=utf-8');
  });
});
