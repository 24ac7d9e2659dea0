import assert from 'node:assert/strict';
import { z } from 'zod';
import { aContext } from '../../operator/context-map/testing/a-context.ts';
import { findingsOf, findingsText, proposed } from './findings.ts';

const PLACED = 'ordering.placed.v1';
const order = z.object({ id: z.string(), total: z.int() });
const ordering = (version: string, schema: z.ZodType) =>
  aContext('ordering', { version, publishes: { [PLACED]: schema } });
const shipping = (version: string, schema: z.ZodType) =>
  aContext('shipping', { version, upstreams: { ordering: { reads: { [PLACED]: schema } } } });

const withoutTotal = order.omit({ total: true });
const RELEASED = [ordering('1', order), shipping('1', order)];

const outcomes = (...contexts: ReturnType<typeof ordering>[]) =>
  findingsOf(proposed(contexts, RELEASED)).map(({ name, released, faults }) => [
    name,
    released,
    faults[0]?.reason,
  ]);

describe('what a check finds', () => {
  it('takes contexts that are not proposed anew as they are released', () => {
    assert.deepEqual(outcomes(ordering('2', withoutTotal)), [
      ['ordering', '1', 'BreaksConsumer'],
      ['shipping', '1', undefined],
    ]);
  });
  it('holds a change to what some cell still runs', () => {
    const [old = assert.fail()] = [shipping('1', order)];
    const now = shipping('2', withoutTotal);
    const rolling = { ...now, status: { conditions: [], released: now.spec, superseded: [old.spec] } };
    const [finding] = findingsOf(proposed([ordering('2', withoutTotal)], [ordering('1', order), rolling]));
    assert.equal(finding?.faults[0]?.reason, 'BreaksConsumer');
  });
  it('is how things are when the operator comes to rest', () => {
    assert.deepEqual(outcomes(ordering('2', withoutTotal), shipping('2', withoutTotal)), [
      ['ordering', '2', undefined],
      ['shipping', '2', undefined],
    ]);
  });
  it('is said with all that is wrong, and with what would run', () => {
    const text = findingsText(findingsOf(proposed([ordering('2', withoutTotal)], RELEASED)));
    assert.match(text, /^ordering +2 +does not fit; 1 goes on$/m);
    assert.match(text, /^ {4}BreaksConsumer: shipping 1 reads ordering\.placed\.v1/m);
    assert.match(text, /^shipping +1 +fits$/m);
    assert.match(text, /^1 of 2 contexts would not be released\.$/m);
  });
  it('names the version whose place is taken', () => {
    assert.match(
      findingsText(findingsOf(proposed([ordering('2', order)], RELEASED))),
      /fits, and takes the place of 1$/m,
    );
  });
});
