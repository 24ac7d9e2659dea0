import { deepEqual, throws } from 'node:assert/strict';
import { z } from 'zod';
import { RequestRefused } from './errors.ts';
import { type Part, parseInput } from './input.ts';

describe('parseInput', () => {
  const schema = z.strictObject({ name: z.string(), password: z.string() });
  const receivedOf = (value: unknown, part: Part): unknown[] => {
    let received: unknown[] = [];
    throws(
      () => parseInput(schema, value, part),
      (error) => {
        if (!(error instanceof RequestRefused)) return false;
        const { errors } = error.detail as { errors: readonly { path: string; received: string }[] };
        received = errors.flatMap(({ path, received: was }) => [path, was]);
        return true;
      },
    );
    return received;
  };

  it('says what was received where something is wrong', () =>
    deepEqual(receivedOf({ name: 7, password: 'x' }, 'body'), ['body.name', '7']));
  it('repeats no secret', () =>
    deepEqual(receivedOf({ name: 'x', password: 7 }, 'body'), ['body.password', 'not repeated']));
  it('repeats nothing of a secret body, where a field may be mistaken for another', () => {
    deepEqual(receivedOf({ name: 7, password: 'x' }, 'secret body'), ['body.name', 'not repeated']);
    deepEqual(receivedOf({ name: 'x', password: 'y', pasword: 'z' }, 'secret body'), [
      'body',
      'not repeated',
    ]);
  });
});
