import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { CommandStartedEvent } from 'mongodb';
import { hashOf, newLoginKey } from '../../kit/identity/login-key.ts';
import { heldCredentials } from './replica/credentials.ts';
import { get, type Landscape, openLandscape, until } from './testing/landscape.ts';

/** What a replica does by itself, whether anybody asks or not. */
const BY_ITSELF = /^(getMore |hello |find (usage-groups|signing-keys)$|aggregate signing-keys$|endSessions )/;
const TIMES = 100;

describe('a key that somebody guesses', function () {
  this.timeout(60_000);
  let landscape: Landscape;
  let key: string;
  let url: string;
  beforeEach(async () => {
    landscape = await openLandscape();
    key = await landscape.newKey({ keyId: 'mine' });
    ({ url } = await landscape.openReplica());
    await until(async () => (await whoami(key)).status === 200);
  });
  afterEach(() => landscape.close());

  const whoami = (sent: string) => get(`${url}/api/whoami`, sent);
  /** Another digit at the end of the random part, and a checksum that does not fit any more. */
  const mistyped = (whole: string) =>
    `${whole.slice(0, 33)}${whole[33] === 'x' ? 'y' : 'x'}${whole.slice(34)}`;

  it('is refused without a question to the database, as is one that is cut off or mistyped', async () => {
    const asked = new Set<string>();
    const note = ({ commandName, command }: CommandStartedEvent) =>
      void asked.add(`${commandName} ${command[commandName]}`);
    landscape.client.on('commandStarted', note);
    for (let time = 0; time < TIMES; time += 1) {
      const refused = [newLoginKey(), key.slice(0, -1), mistyped(key), `cad_${'0'.repeat(36)}`, `${key}0`];
      const answers = await Promise.all(refused.map(whoami));
      assert.deepEqual(
        answers.map(({ status, body }) => [status, body['code']]),
        [[401, 'key-unknown'], ...Array.from({ length: 4 }, () => [401, 'key-malformed'])],
      );
    }
    // Neither is the right one.
    assert.equal((await whoami(key)).status, 200);
    landscape.client.off('commandStarted', note);
    assert.deepEqual(
      [...asked].filter((command) => !BY_ITSELF.test(command)),
      [],
    );
  });

  it('opens nothing by a digest that begins like that of another', async () => {
    const last = hashOf(key).slice(-2);
    const hash = `${hashOf(key).slice(0, -2)}${last === '00' ? '01' : '00'}`;
    await landscape.newKey({ keyId: 'twin', hash, tenant: 'globex' });
    const other = await landscape.newKey({ keyId: 'other', tenant: 'globex' });
    await until(async () => (await whoami(other)).status === 200);
    const { account, key: keyId } = (await whoami(key)).body;
    assert.deepEqual([account, keyId], ['acme-1a2b3c4d', 'mine']);
    const data = { keyId: 'mine', deletedAt: new Date().toISOString() };
    await landscape.tellKey('mine', { type: 'KeyDeleted', data });
    await until(async () => (await whoami(key)).status === 401);
  });
});

describe('looking up a key', () => {
  const KEYS = 2_000;
  /** Comparisons per lookup, which is what a lookup costs. */
  const comparisons = (look: () => void): number => {
    const compare = crypto.timingSafeEqual;
    let count = 0;
    crypto.timingSafeEqual = (one, other) => {
      count += 1;
      return compare(one, other);
    };
    syncBuiltinESMExports();
    try {
      look();
    } finally {
      crypto.timingSafeEqual = compare;
      syncBuiltinESMExports();
    }
    return count / KEYS;
  };

  it('compares a known and an unknown one about as often, each time in constant time', () => {
    const held = heldCredentials();
    const digests = Array.from({ length: 2 * KEYS }, () => crypto.randomBytes(32));
    const [known, unknown] = [digests.slice(0, KEYS), digests.slice(KEYS)];
    for (const [n, digest] of known.entries()) {
      const id = `k${n}`;
      const fixed = { tenant: 'acme', sequence: 0, version: 1, id, _id: `acme/${id}` };
      const hash = digest.toString('hex');
      held.apply({ ...fixed, state: { status: 'active', keyId: id, userId: 'ada', hash, scopes: ['*'] } });
    }
    const looking = (all: readonly Buffer[]) =>
      comparisons(() => {
        for (const digest of all) held.find(digest, 0);
      });
    const [hits, misses] = [looking(known), looking(unknown)];
    assert.ok(hits >= 1 && misses >= 1 && Math.abs(hits - misses) < 2, `${hits} and ${misses}`);
  });
});
