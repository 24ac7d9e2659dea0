import { deepEqual, equal } from 'node:assert/strict';
import { type ServedContext, serveContext } from '../../../kit/context/testing/serve-context.ts';
import { subscriptions } from '../context.ts';
import { field, type Person, peopleOf } from '../testing/people.ts';

type Entry = {
  readonly what: string;
  readonly actor?: string;
  readonly subject: string;
  readonly details: object;
};

describe('the audit log over HTTP', () => {
  let served: ServedContext;
  let ada: Person;
  before(async () => {
    served = await serveContext(subscriptions);
    ada = await peopleOf(served).firstOwner();
  });
  after(() => served.stop());

  const list = async (query = '') => (await ada.ask(`GET /v1/audit${query}`)).body;
  /** The projection is a little behind. */
  const entries = async (
    isThere: (found: readonly Entry[]) => boolean,
    owner = ada,
  ): Promise<readonly Entry[]> => {
    for (;;) {
      const { body } = await owner.ask('GET /v1/audit');
      const found = body.items as unknown as readonly Entry[];
      if (isThere(found)) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const has = (what: string) => (found: readonly Entry[]) => found.some((one) => one.what === what);

  it('says who did what, newest first', async () => {
    const created = await ada.ask('POST /v1/keys', { name: 'till', scopes: ['ordering:read'] });
    const keyId = field(created.body, 'key', 'keyId');
    await ada.ask(`POST /v1/keys/${keyId}/disable`);
    const found = await entries(has('KeyDisabled'));
    const about = found.filter(({ subject }) => subject === `key/${keyId}`);
    deepEqual(
      about.map(({ what, actor }) => [what, actor]),
      [
        ['KeyDisabled', `user/${ada.userId}`],
        ['KeyNamed', `user/${ada.userId}`],
        ['KeyCreated', `user/${ada.userId}`],
      ],
    );
    equal(JSON.stringify(found).includes('"hash"'), false);
  });

  it('has what the staff did', async () => {
    const [invited] = (await entries(has('UserInvited'))).filter(({ what }) => what === 'UserInvited');
    equal(invited?.actor, 'staff');
  });

  it('has sign-ins, failed ones and sign-outs', async () => {
    const people = peopleOf(served);
    const bob = await people.invited(ada, 'bob@example.com', 'billing');
    await people.signIn('bob@example.com', 'wrong');
    await bob.ask('DELETE /v1/sessions/current');
    const found = await entries(has('UserSignedOut'));
    const his = found.filter(({ subject, what }) => subject === `user/${bob.userId}` && /Sign/.test(what));
    deepEqual(
      his.map(({ what }) => what),
      ['UserSignedOut', 'UserSignInFailed', 'UserSignedIn'],
    );
  });

  it('is read page by page', async () => {
    const all = await entries(has('UserSignedOut'));
    const paged: unknown[] = [];
    let after = '';
    do {
      const page = await list(`?limit=3${after}`);
      paged.push(...page.items);
      after = page.next === undefined ? '' : `&after=${page.next}`;
    } while (after !== '');
    deepEqual(paged, all);
  });

  it('is the owners’, and of their account alone', async () => {
    const dan = await peopleOf(served).invited(ada, 'dan@example.com', 'developer');
    equal((await dan.ask('GET /v1/audit')).body['code'], 'not-allowed');
    const other = await peopleOf(served, 'other-1a2b3c4d').firstOwner();
    const theirs = await entries(has('UserSignedIn'), other);
    deepEqual(
      theirs.map(({ what, subject }) => [what, subject]),
      ['UserSignedIn', 'UserJoined', 'UserInvited'].map((what) => [what, `user/${other.userId}`]),
    );
  });
});
