import { deepEqual, equal, match, notEqual, throws } from 'node:assert/strict';
import { decide, type UserCommand, type UserStates } from './decide.ts';
import { team } from './team.ts';
import { type Role, user } from './user.ts';
import { userIdOf } from './user-id.ts';

const now = '2026-01-01T00:00:00.000Z';
const base = { userId: 'u1', now };
const invite = (role: Role = 'owner') =>
  ({ type: 'InviteUser', ...base, email: 'ada@example.com', name: 'Ada', role }) as const;
const join = { type: 'JoinUser', ...base } as const;
const disable = { type: 'DisableUser', ...base } as const;
const enable = { type: 'EnableUser', ...base } as const;
const toBilling = { type: 'ChangeRole', ...base, role: 'billing' } as const;

const given = (...commands: UserCommand[]): UserStates =>
  after({ user: user.initialState(), team: { owners: ['u0'] } }, commands);
const after = (states: UserStates, commands: readonly UserCommand[]): UserStates =>
  commands.reduce((known, command) => {
    const events = decide(command, known);
    return {
      user: events.user.reduce(user.evolve, known.user),
      team: events.team.reduce(team.evolve, known.team),
    };
  }, states);
const types = (command: UserCommand, states: UserStates) => {
  const { user: users, team: teams } = decide(command, states);
  return [...users, ...teams].map(({ type }) => type);
};

describe('a user', () => {
  describe('when there is none', () => {
    it('is invited', () => deepEqual(types(invite(), given()), ['UserInvited']));
    it('cannot be disabled', () => throws(() => decide(disable, given()), { code: 'user-not-found' }));
  });

  describe('when invited as an owner', () => {
    const states = given(invite());
    it('is not invited again', () => throws(() => decide(invite(), states), { code: 'user-exists' }));
    it('counts as an owner once joined', () =>
      deepEqual(types(join, states), ['UserJoined', 'OwnerCounted']));
    it('is disabled without leaving the owners', () => deepEqual(types(disable, states), ['UserDisabled']));
  });

  describe('when joined as an owner', () => {
    const states = given(invite(), join);
    const alone = { ...states, team: { owners: ['u1'] } };
    it('joins once', () => deepEqual(types(join, states), []));
    it('leaves the owners when disabled', () =>
      deepEqual(types(disable, states), ['UserDisabled', 'OwnerLeft']));
    it('leaves them when demoted', () => deepEqual(types(toBilling, states), ['RoleChanged', 'OwnerLeft']));
    it('comes back when enabled', () =>
      deepEqual(types(enable, after(states, [disable])), ['UserEnabled', 'OwnerCounted']));
    for (const command of [disable, toBilling]) {
      it(`is kept from ${command.type} as the last owner`, () =>
        throws(() => decide(command, alone), { code: 'last-owner', detail: { userId: 'u1' } }));
    }
  });

  describe('when joined as a developer', () => {
    const states = given(invite('developer'), join);
    it('is disabled and enabled once each', () => {
      deepEqual(types(enable, states), []);
      deepEqual(types(disable, after(states, [disable])), []);
    });
    it('becomes an owner', () =>
      deepEqual(types({ ...toBilling, role: 'owner' }, states), ['RoleChanged', 'OwnerCounted']));
  });

  it('is told to a consumer that joins only while disabled', () => {
    equal(user.snapshot?.(given(invite(), join).user), undefined);
    equal(user.snapshot?.(given(invite(), disable).user)?.type, 'UserDisabled');
  });
});

describe('a user’s id', () => {
  it('follows from the e-mail, whatever its case', () => {
    match(userIdOf('ada@example.com'), /^[a-z2-7]{26}$/);
    equal(userIdOf(' Ada@Example.COM'), userIdOf('ada@example.com'));
    notEqual(userIdOf('ada@example.com'), userIdOf('ada@example.org'));
  });
});
