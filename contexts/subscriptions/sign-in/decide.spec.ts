import { deepEqual, equal, throws } from 'node:assert/strict';
import type { User } from '../user/user.ts';
import { type AddressFailures, addressFailures } from './address-failures.ts';
import { type Attempts, attempts, waitAfter } from './attempts.ts';
import { clearCookie, readCookie, setCookie } from './cookie.ts';
import { type AcceptStates, acceptLink, makeLink, signIn } from './decide.ts';
import { type Password, password } from './password.ts';
import { hashPassword, type PasswordHash, verifyPassword } from './scrypt.ts';
import { newToken, tokenHash } from './token.ts';

const now = '2026-01-01T00:00:00.000Z';
const at = Date.parse(now);
const hash: PasswordHash = { algorithm: 'scrypt', N: 2, r: 1, p: 1, salt: 'salt', hash: 'hash' };
const ada: User = {
  status: 'known',
  ...{ userId: 'u1', email: 'ada@example.com', name: 'Ada', role: 'owner' },
  joined: true,
  invitedAt: now,
};
const known: Password = { epoch: 3, hash };
const fresh: Attempts = { failures: 0 };
const failed = (times: number, when = now): Attempts =>
  Array.from({ length: times }).reduce<Attempts>(
    (state) => attempts.evolve(state, { type: 'SignInFailed', data: { at: when } }),
    fresh,
  );

describe('an address', () => {
  const failing = (times: number, state: AddressFailures = addressFailures.initialState()) =>
    Array.from({ length: times }).reduce<AddressFailures>(
      (one) => addressFailures.evolve(one, { type: 'AddressFailed', data: { at: now } }),
      state,
    );
  const asking = (state: AddressFailures, seconds = 0) =>
    signIn(
      { userId: 'u1', verified: undefined, now: new Date(at + seconds * 1_000).toISOString() },
      { user: ada, password: known, attempts: fresh, addresses: [state] },
    );
  it('counts failures of whatever e-mails', () =>
    deepEqual(asking(failing(49)).addresses, [[{ type: 'AddressFailed', data: { at: now } }]]));
  it('may not try again after fifty of them', () =>
    throws(() => asking(failing(50), 60), {
      code: 'sign-in-throttled',
      detail: { retryAfterSeconds: 840 },
    }));
  it('begins anew after a quarter of an hour', () => {
    const { addresses } = asking(failing(50), 900);
    const [failed] = addresses[0] ?? [];
    equal(failed && addressFailures.evolve(failing(50), failed).failures, 1);
  });
});

describe('signing in', () => {
  const states = { user: ada, password: known, attempts: fresh, addresses: [] };
  const right = { userId: 'u1', verified: hash, now };
  const failure = {
    user: [{ type: 'UserSignInFailed', data: { userId: 'u1', at: now } }],
    attempts: [{ type: 'SignInFailed', data: { at: now } }],
    addresses: [],
    session: [],
  };

  it('opens a session of the password that it was', () =>
    deepEqual(signIn(right, states).session, [
      { type: 'SessionOpened', data: { userId: 'u1', epoch: 3, at: now } },
    ]));
  it('forgets failures', () =>
    equal(signIn(right, { ...states, attempts: failed(2) }).attempts[0]?.type, 'AttemptsForgotten'));

  const refused: [string, Parameters<typeof signIn>][] = [
    ['a wrong password', [{ ...right, verified: undefined }, states]],
    ['a password that was replaced meanwhile', [{ ...right, verified: { ...hash, hash: 'old' } }, states]],
    ['who has not joined', [right, { ...states, user: { ...ada, joined: false } }]],
    ['who is disabled', [right, { ...states, user: { ...ada, disabledAt: now } }]],
  ];
  for (const [what, [command, given]] of refused) {
    it(`counts a failure of ${what}`, () => deepEqual(signIn(command, given), failure));
  }

  it('counts a failure of nobody, of whom nothing is kept for good', () => {
    const nobody: User = { status: 'none' };
    deepEqual(signIn(right, { ...states, user: nobody }), { ...failure, user: [] });
  });
  it('is written down', () => {
    const { user } = signIn(right, states);
    deepEqual(user, [{ type: 'UserSignedIn', data: { userId: 'u1', at: now } }]);
  });

  it('is refused while blocked, also when right, and writes nothing', () =>
    throws(() => signIn(right, { ...states, attempts: failed(6) }), {
      code: 'sign-in-throttled',
      detail: { retryAfterSeconds: 2 },
    }));
  it('goes on after the wait', () => {
    const later = new Date(at + 2_000).toISOString();
    equal(signIn({ ...right, now: later }, { ...states, attempts: failed(6) }).session.length, 1);
  });
  it('waits longer each time, at most a quarter of an hour', () =>
    deepEqual(
      [4, 5, 6, 7, 14, 15, 1_000].map(waitAfter),
      [0, 1_000, 2_000, 4_000, 512_000, 900_000, 900_000],
    ));
});

describe('a link', () => {
  const states: AcceptStates = {
    user: { ...ada, joined: false },
    team: { owners: [] },
    invitation: { status: 'open', userId: 'u1', expiresAt: at + 1 },
    password: { epoch: 0, invitation: 'link' },
    attempts: failed(5),
  };
  const accept = { userId: 'u1', tokenHash: 'link', hash, now };

  it('makes a user of who was invited, with a password', () => {
    const decided = acceptLink(accept, states);
    deepEqual(
      Object.values(decided).map((events) => events.map(({ type }) => type)),
      [['UserJoined'], ['OwnerCounted'], ['InvitationUsed'], ['PasswordSet'], ['AttemptsForgotten']],
    );
  });

  const refused: [string, Partial<AcceptStates>][] = [
    ['used', { invitation: { status: 'used', expiresAt: 0 } }],
    ['too old', { invitation: { status: 'open', userId: 'u1', expiresAt: at } }],
    ['replaced by a newer one', { password: { epoch: 0, invitation: 'newer' } }],
    ['of a disabled user', { user: { ...ada, disabledAt: now } }],
    ['of nobody', { user: { status: 'none' } }],
  ];
  for (const [what, part] of refused) {
    it(`is refused when ${what}`, () =>
      throws(() => acceptLink(accept, { ...states, ...part }), { code: 'invitation-refused' }));
  }

  it('is not made for a disabled user', () =>
    throws(() => makeLink(accept, { ...ada, disabledAt: now }), { code: 'user-disabled' }));
  it('is forgotten with the sessions of a disabled user, the password is not', () => {
    const ended = password.evolve({ ...known, invitation: 'link' }, { type: 'SessionsEnded', data: {} });
    deepEqual(ended, { epoch: 4, hash });
  });
});

describe('a password', () => {
  it('is verified by its hash alone', async () => {
    const stored = await hashPassword('correct horse');
    equal(JSON.stringify(stored).includes('horse'), false);
    deepEqual(
      [await verifyPassword('correct horse', stored), await verifyPassword('wrong', stored)],
      [true, false],
    );
    equal(await verifyPassword('correct horse', undefined), false);
  });
});

describe('a session’s cookie', () => {
  const token = newToken();
  const cookie = { account: 'acme-1', token };

  it('is read as it was set, among others', () =>
    deepEqual(readCookie(`a=b; ${setCookie(cookie, undefined).split(';')[0]}; c=d`), cookie));
  it('is absent where there is none', () => equal(readCookie('xsession=1; other=2'), undefined));
  for (const value of [
    '',
    'x',
    `.${token}`,
    'acme-1.short',
    `platform.${token}`,
    `$ne.${token}`,
    `acme-1.${token}x`,
  ]) {
    it(`is malformed as "${value.slice(0, 12)}"`, () => equal(readCookie(`session=${value}`), 'malformed'));
  }
  for (const [host, isSecure] of [
    ['portal.example.com', true],
    ['127.0.0.1.example.com', true],
    [undefined, true],
    ['localhost:7100', false],
    ['127.0.0.1:7100', false],
    ['[::1]:7100', false],
  ] as const) {
    it(`${isSecure ? 'asks' : 'does not ask'} for TLS on ${host}`, () => {
      equal(setCookie(cookie, host).includes('Secure'), isSecure);
      equal(clearCookie(host).includes('Secure'), isSecure);
    });
  }
  it('is kept as a hash', () => equal(tokenHash('abc').length, 64));
});
