import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import type { Credential, KnownCredential } from '../credential.ts';
import { heldCredentials } from './credentials.ts';

const digestOf = (text: string) => createHash('sha256').update(text).digest();

const aKey = (name: string, with_: Partial<KnownCredential> = {}): KnownCredential => ({
  status: 'active',
  keyId: name,
  userId: 'ada',
  hash: digestOf(name).toString('hex'),
  scopes: ['*'],
  ...with_,
});

const document = (id: string, version: number, state: Credential): AggregateDocument<Credential> => {
  return { _id: `acme/${id}`, tenant: 'acme', id, sequence: 0, version, state };
};

describe('heldCredentials', () => {
  it('finds each of many by the whole digest', () => {
    const held = heldCredentials();
    for (let n = 0; n < 5_000; n += 1) held.apply(document(`k${n}`, 1, aKey(`k${n}`)));
    for (let n = 0; n < 5_000; n += 1) assert.equal(held.find(digestOf(`k${n}`), 0)?.keyId, `k${n}`);
    assert.equal(held.find(digestOf('other'), 0), undefined);
  });
  it('tells digests apart that share their first bytes', () => {
    const held = heldCredentials();
    const [one, other] = [Buffer.alloc(32, 7), Buffer.alloc(32, 7)];
    other[31] = 8;
    held.apply(document('one', 1, aKey('one', { hash: one.toString('hex') })));
    assert.equal(held.find(other, 0), undefined);
    held.apply(document('other', 1, aKey('other', { hash: other.toString('hex') })));
    assert.deepEqual([held.find(one, 0)?.keyId, held.find(other, 0)?.keyId], ['one', 'other']);
  });
  it('never revives a key that was revoked, however late an older state comes', () => {
    const held = heldCredentials();
    held.apply(document('one', 3, { status: 'deleted' }));
    held.apply(document('one', 2, aKey('one')));
    assert.equal(held.find(digestOf('one'), 0), undefined);
  });
  it('opens by the previous digest until its time is over', () => {
    const held = heldCredentials();
    const until = new Date(1_000).toISOString();
    const previous = { hash: digestOf('before').toString('hex'), until };
    held.apply(document('one', 1, aKey('before')));
    held.apply(document('one', 2, aKey('after', { keyId: 'one', previous })));
    assert.equal(held.find(digestOf('before'), 999)?.keyId, 'one');
    assert.equal(held.find(digestOf('before'), 1_000), undefined);
    assert.equal(held.find(digestOf('after'), 1_000)?.keyId, 'one');
  });
  it('keeps finding the others while keys come and go', () => {
    const held = heldCredentials();
    for (let n = 0; n < 2_000; n += 1) held.apply(document(`k${n}`, 1, aKey(`k${n}`)));
    for (let n = 0; n < 2_000; n += 2) held.apply(document(`k${n}`, 2, { status: 'deleted' }));
    for (let n = 0; n < 2_000; n += 1) {
      assert.equal(held.find(digestOf(`k${n}`), 0) !== undefined, n % 2 === 1);
    }
  });
  it('tells keys of the same id apart by their tenants', () => {
    const held = heldCredentials();
    for (const tenant of ['acme', 'globex']) {
      held.apply({ ...document('one', 1, aKey(tenant, { keyId: 'one' })), _id: `${tenant}/one`, tenant });
    }
    held.remove('acme/one');
    assert.equal(held.find(digestOf('acme'), 0), undefined);
    const { tenant, keyId } = held.find(digestOf('globex'), 0) ?? {};
    assert.deepEqual([tenant, keyId], ['globex', 'one']);
  });
  it('forgets a document that is removed, and takes it again from the start', () => {
    const held = heldCredentials();
    held.apply(document('one', 5, aKey('one')));
    held.remove('acme/one');
    assert.equal(held.find(digestOf('one'), 0), undefined);
    held.apply(document('one', 1, aKey('one')));
    assert.equal(held.find(digestOf('one'), 0)?.keyId, 'one');
  });
});
