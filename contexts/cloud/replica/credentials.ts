import { timingSafeEqual } from 'node:crypto';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import type { Credential, KnownCredential } from '../credential.ts';
import { fixedBytes, numbers, texts } from './columns.ts';
import type { Target } from './follow-collections.ts';
import { type Slots, slotsOf } from './slots.ts';

/** A login key as the front door holds it. */
export type HeldCredential = {
  readonly tenant: string;
  readonly keyId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly isDisabled: boolean;
  /** Milliseconds; Infinity for never. */
  readonly expiresAt: number;
};

/** Until when a digest opens that a rotation replaced. */
type Previous = { readonly digest: number; readonly until: number };

export interface Credentials extends Target<Credential> {
  /** In the time that it takes for any digest, known or not. `now` in milliseconds. */
  find(digest: Uint8Array, now: number): HeldCredential | undefined;
  readonly size: number;
}

const DIGEST_BYTES = 32;
const NOBODY = Buffer.alloc(DIGEST_BYTES);
const MOST_RECENT = 10_000;

/**
 * All credentials in memory: rows found by id, digests found by their first four bytes and compared whole. A million
 * rows lie in columns, which take a third of what objects would.
 * A row is replaced by a newer version only, so a late load never revives a key that was revoked meanwhile.
 */
export const heldCredentials = (): Credentials => {
  let state = emptyState();

  const apply = ({ _id, version, state: news }: AggregateDocument<Credential>): void => {
    const name = nameOf(state, _id);
    const known = state.byName.find(name);
    const row = known ?? state.keyIds.length;
    if (known !== undefined && (state.version.at(row) ?? 0) >= version) return;
    shut(state, row);
    state.version.set(row, version);
    if (known === undefined) {
      state.tenant.set(row, name.tenant);
      state.keyIds.set(row, name.keyId);
      state.byName.add(row);
    }
    if (news.status === 'active' || news.status === 'disabled') open(state, row, news);
  };

  const find = (digest: Uint8Array, now: number): HeldCredential | undefined => {
    const found = state.digests.find(digest);
    if (found === undefined) {
      timingSafeEqual(digest, NOBODY);
      return undefined;
    }
    const row = state.owner.at(found);
    const previous = state.previous.get(row);
    if (previous?.digest === found && now >= previous.until) return undefined;
    return recent(state, row);
  };

  return {
    apply,
    find,
    remove: (id) => {
      const row = state.byName.find(nameOf(state, id));
      if (row === undefined) return;
      shut(state, row);
      // The row stays, so that rows keep their numbers; a document that comes back replaces it.
      state.version.set(row, 0);
    },
    clear: () => {
      state = emptyState();
    },
    get size() {
      return state.keyIds.length;
    },
  };
};

type State = ReturnType<typeof emptyState>;
type Name = { readonly tenant: number; readonly keyId: Buffer };

/** Of a document's id, `<tenant>/<keyId>`. A tenant is kept once, not in each of its rows. */
const nameOf = ({ tenants }: State, id: string): Name => {
  const slash = id.indexOf('/');
  const tenant = id.slice(0, slash);
  return { tenant: tenants.add(tenant, tenant), keyId: Buffer.from(id.slice(slash + 1)) };
};

const emptyState = () => {
  const keyIds = texts();
  const tenant = numbers((size) => new Uint32Array(size));
  const byName: Slots<Name> = slotsOf({
    // Two tenants hardly ever have a key of the same id, so the id alone is spread well.
    hashOf: (row) => textHash(keyIds.at(row)),
    hashOfName: ({ keyId }) => textHash(keyId),
    isNamed: (row, name) => tenant.at(row) === name.tenant && keyIds.at(row).equals(name.keyId),
  });
  return {
    keyIds,
    /** Index among `tenants`. */
    tenant,
    byName,
    users: texts(),
    version: numbers((size) => new Uint32Array(size)),
    scopes: numbers((size) => new Uint32Array(size)),
    disabled: numbers((size) => new Uint8Array(size)),
    expiresAt: numbers((size) => new Float64Array(size)),
    /** The row's digest, counted from 1; 0 for none. */
    door: numbers((size) => new Uint32Array(size)),
    previous: new Map<number, Previous>(),
    digests: digestTable(),
    /** Of a digest: its row. */
    owner: numbers((size) => new Uint32Array(size)),
    tenants: interned<string>(),
    scopeSets: interned<readonly string[]>(),
    /** Of rows that were asked for lately: the same object as long as nothing changed. */
    recent: new Map<number, HeldCredential>(),
  };
};

const shut = (state: State, row: number): void => {
  const door = state.door.at(row);
  const previous = state.previous.get(row);
  if (door > 0) state.digests.remove(door - 1);
  if (previous) state.digests.remove(previous.digest);
  state.door.set(row, 0);
  state.previous.delete(row);
  state.recent.delete(row);
};

const open = (state: State, row: number, news: KnownCredential): void => {
  const user = Buffer.from(news.userId);
  // A key never changes its user, and texts are only added.
  if (!state.users.at(row).equals(user)) state.users.set(row, user);
  state.scopes.set(row, state.scopeSets.add(news.scopes.join(' '), news.scopes));
  state.disabled.set(row, news.status === 'disabled' ? 1 : 0);
  state.expiresAt.set(
    row,
    news.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(news.expiresAt),
  );
  state.door.set(row, addDigest(state, news.hash, row) + 1);
  if (!news.previous) return;
  const digest = addDigest(state, news.previous.hash, row);
  state.previous.set(row, { digest, until: Date.parse(news.previous.until) });
};

const addDigest = ({ digests, owner }: State, hash: string, row: number): number => {
  const digest = digests.add(hash);
  owner.set(digest, row);
  return digest;
};

const recent = (state: State, row: number): HeldCredential => {
  const known = state.recent.get(row);
  if (known) return known;
  if (state.recent.size >= MOST_RECENT) state.recent.clear();
  const held = {
    tenant: state.tenants.get(state.tenant.at(row)) ?? '',
    keyId: state.keyIds.at(row).toString(),
    userId: state.users.at(row).toString(),
    scopes: state.scopeSets.get(state.scopes.at(row)) ?? [],
    isDisabled: state.disabled.at(row) === 1,
    expiresAt: state.expiresAt.at(row),
  };
  state.recent.set(row, held);
  return held;
};

/** The same value is kept once: a million keys have few tenants and fewer sets of scopes. */
const interned = <T>() => {
  const values: T[] = [];
  const byName = new Map<string, number>();
  return {
    add: (name: string, value: T): number => {
      const known = byName.get(name);
      if (known !== undefined) return known;
      byName.set(name, values.push(value) - 1);
      return values.length - 1;
    },
    get: (index: number): T | undefined => values[index],
  };
};

/** FNV-1a. Ids are ours, so nobody can choose them to collide. */
const textHash = (text: Uint8Array): number => {
  let hash = 0x811c9dc5;
  for (const byte of text) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
};

/** Digests in chunks, of which removed ones are used again. */
const digestTable = () => {
  const bytes = fixedBytes(DIGEST_BYTES);
  let count = 0;
  const free: number[] = [];
  const slots = slotsOf<Uint8Array>({
    hashOf: (digest) => bytes.at(digest).readUInt32LE(0),
    hashOfName: (name) => Buffer.from(name.buffer, name.byteOffset, DIGEST_BYTES).readUInt32LE(0),
    isNamed: (digest, name) => timingSafeEqual(bytes.at(digest), name),
  });
  const room = (): number => {
    count += 1;
    return count - 1;
  };
  return {
    find: slots.find,
    add: (hash: string): number => {
      const digest = free.pop() ?? room();
      bytes.at(digest).write(hash, 'hex');
      slots.add(digest);
      return digest;
    },
    remove: (digest: number): void => {
      slots.remove(digest);
      free.push(digest);
    },
  };
};
