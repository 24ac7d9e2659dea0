import { equal } from 'node:assert/strict';
import type { Answered, ServedContext } from '../../../kit/context/testing/serve-context.ts';

export const ACME = 'acme-1a2b3c4d';
export const PASSWORD = 'correct horse battery staple';

/** One who is signed in, as their browser is. */
export type Person = {
  readonly userId: string;
  readonly email: string;
  readonly cookie: string;
  ask(request: string, body?: unknown): Promise<Answered>;
};

export const field = <T = string>(body: unknown, ...path: string[]): T =>
  path.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], body) as T;

export const tokenOf = ({ body }: Answered): string =>
  new URLSearchParams(field(body, 'invitationLink').split('?')[1]).get('token') ?? '';

/** The whole way in: by the staff for the first owner, by an owner for others. */
export const peopleOf = (served: ServedContext, account = ACME) => {
  const headers = { 'x-requested-with': 'portal' };
  const accept = (token: string, password = PASSWORD) =>
    served.ask('POST /v1/invitations/accept', { body: { account, token, password }, headers });
  const signIn = (email: string, password = PASSWORD) =>
    served.ask('POST /v1/sessions', { body: { account, email, password }, headers });

  const signedIn = async (email: string): Promise<Person> => {
    const answered = await signIn(email);
    equal(answered.status, 201, answered.text);
    const cookie = (answered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const userId = field(answered.body, 'userId');
    const ask = (request: string, body?: unknown) =>
      served.ask(request, { headers: { ...headers, cookie }, ...(body !== undefined && { body }) });
    return { userId, email, cookie, ask };
  };
  const firstOwner = async (email = 'ada@example.com'): Promise<Person> => {
    const path = `POST /v1/accounts/${account}/owner-invitations`;
    const invited = await served.ask(path, { body: { email, name: 'Ada' }, staff: true });
    equal((await accept(tokenOf(invited))).status, 200);
    return signedIn(email);
  };
  const invited = async (owner: Person, email: string, role: string): Promise<Person> => {
    const answered = await owner.ask('POST /v1/users', { email, name: email, role });
    equal((await accept(tokenOf(answered))).status, 200);
    return signedIn(email);
  };
  return { accept, signIn, signedIn, firstOwner, invited };
};
