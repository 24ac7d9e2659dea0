import { deepEqual, equal, throws } from 'node:assert/strict';
import { hashOf } from '../../../kit/identity/login-key.ts';
import { type CreateKey, decide, type KeyCommand } from './decide.ts';
import { key, type LoginKey } from './key.ts';
import { use } from './key-use.ts';

const now = '2026-01-01T00:00:00.000Z';
const base = { keyId: 'k1', now };
const one = hashOf('one');
const two = hashOf('two');
const creation = (more: Partial<CreateKey> = {}): CreateKey => {
  return { type: 'CreateKey', ...base, userId: 'u1', name: 'till', hash: one, scopes: ['*'], ...more };
};
const rotation = (graceSeconds: number, at = now) =>
  ({ type: 'RotateKey', keyId: 'k1', hash: two, graceSeconds, now: at }) as const;
const given = (...commands: KeyCommand[]): LoginKey =>
  commands.reduce((state, command) => decide(command, state).reduce(key.evolve, state), key.initialState());
const disable = { type: 'DisableKey', ...base } as const;
const enable = { type: 'EnableKey', ...base } as const;
const remove = { type: 'DeleteKey', ...base } as const;
const previous = { hash: one, until: '2026-01-01T00:01:00.000Z' };

describe('a login key', () => {
  it('is created, and named for people of the account alone', () => {
    const data = { keyId: 'k1', userId: 'u1', hash: one, scopes: ['*'], disabled: false, createdAt: now };
    const named = { type: 'KeyNamed', data: { keyId: 'k1', name: 'till' } };
    deepEqual(decide(creation(), given()), [{ type: 'KeyCreated', data }, named]);
  });
  it('gets another secret when the same wish is sent again', () => {
    const again = creation({ hash: two, now: '2026-01-01T23:59:59.999Z' });
    const data = { keyId: 'k1', hash: two, rotatedAt: again.now };
    deepEqual(decide(again, given(creation())), [{ type: 'KeyRotated', data }]);
  });
  for (const other of [
    { name: 'other' },
    { userId: 'u2' },
    { scopes: ['ordering:read'] },
    { expiresAt: '2026-02-01T00:00:00Z' },
    { now: '2026-01-02T00:00:00.000Z' },
  ]) {
    it(`does not, for ${JSON.stringify(other)}`, () =>
      throws(() => decide(creation({ hash: two, ...other }), given(creation())), { code: 'key-exists' }));
  }
  it('is not created to expire before', () =>
    throws(() => decide(creation({ expiresAt: now }), given()), { code: 'expiry-has-passed' }));

  for (const command of [rotation(0), disable, enable, remove]) {
    it(`that is not there cannot take ${command.type}`, () =>
      throws(() => decide(command, given()), { code: 'key-not-found' }));
  }

  describe('when rotated', () => {
    it('leaves the hash before it until the grace is over', () =>
      deepEqual(decide(rotation(60), given(creation())), [
        { type: 'KeyRotated', data: { keyId: 'k1', hash: two, previous, rotatedAt: now } },
      ]));
    it('leaves none without grace', () =>
      deepEqual(decide(rotation(0), given(creation(), rotation(60))), [
        { type: 'KeyRotated', data: { keyId: 'k1', hash: two, rotatedAt: now } },
      ]));
    it('stays disabled if it was', () => {
      const state = given(creation(), disable, rotation(0));
      equal(state.status === 'live' && state.disabled, true);
    });
    it('is refused after its time', () => {
      const state = given(creation({ expiresAt: '2026-02-01T00:00:00Z' }));
      throws(() => decide(rotation(0, '2026-02-01T00:00:00.000Z'), state), { code: 'key-expired' });
    });
  });

  it('is disabled, enabled and deleted once', () => {
    deepEqual(decide(disable, given(creation(), disable)), []);
    deepEqual(decide(enable, given(creation())), []);
    deepEqual(decide(remove, given(creation(), remove)), []);
  });
  it('never comes back', () => {
    throws(() => decide(enable, given(creation(), remove)), { code: 'key-not-found' });
    deepEqual(decide(creation(), given(creation(), remove)), []);
  });
  it('is told whole to a consumer that joins, and without its name', () => {
    deepEqual(key.snapshot?.(given(creation(), rotation(60), disable)), {
      type: 'KeyCreated',
      data: { keyId: 'k1', userId: 'u1', hash: two, previous, scopes: ['*'], disabled: true, createdAt: now },
    });
    equal(key.snapshot?.(given(creation(), remove)), undefined);
  });
  it('remembers its last use, in whatever order uses are told', () => {
    const later = '2026-01-02T00:00:00Z';
    deepEqual(use(later, {}), [{ type: 'KeyUsed', data: { lastUsedAt: later } }]);
    deepEqual(use(now, { lastUsedAt: later }), []);
  });
});
