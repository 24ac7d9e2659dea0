import { timingSafeEqual } from 'node:crypto';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import type { Credential, KnownCredential } from '../credential.ts';
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

type Row = HeldCredential & {
  readonly id: string;
  readonly version: number;
  /** Rows of `digests`, and until when each opens. */
  readonly doors: readonly Door[];
};
type Door = { readonly digest: number; readonly until: number };

export interface Credentials extends Target<Credential> {
  /** In the time that it takes for any digest, known or not. `now` in milliseconds. */
  find(digest: Uint8Array, now: number): HeldCredential | undefined;
  readonly size: number;
}

const DIGEST_BYTES = 32;
const NOBODY = Buffer.alloc(DIGEST_BYTES);
const NO_DOORS: readonly Door[] = [];

/**
 * All credentials in memory: rows found by id, digests found by their first four bytes and compared whole.
 * A row is replaced by a newer version only, so a late load never revives a key that was revoked meanwhile.
 */
export const heldCredentials = (): Credentials => {
  let state = emptyState();
  const shared = interning();

  const apply = ({ _id, tenant, version, state: news }: AggregateDocument<Credential>): void => {
    const found = rowNamed(state, _id);
    if (found.row && found.row.version >= version) return;
    shut(state, found.row);
    const isKnown = news.status === 'active' || news.status === 'disabled';
    const held = isKnown ? heldOf(tenant, news, shared) : NOT_HELD;
    const doors = isKnown ? doorsOf(state, news, found.number) : NO_DOORS;
    state.rows[found.number] = { ...held, id: _id, version, doors };
    if (!found.row) state.byId.add(found.number);
  };

  const find = (digest: Uint8Array, now: number): HeldCredential | undefined => {
    const found = state.digests.find(digest);
    if (found === undefined) {
      timingSafeEqual(digest, NOBODY);
      return undefined;
    }
    const row = state.rows[state.owners[found] ?? 0];
    const door = row?.doors.find((one) => one.digest === found);
    return row && door && now < door.until ? row : undefined;
  };

  return {
    apply,
    find,
    remove: (id) => {
      const { row, number } = rowNamed(state, id);
      if (!row) return;
      shut(state, row);
      // The row stays, so that rows keep their numbers; a document that comes back replaces it.
      state.rows[number] = { ...NOT_HELD, id, version: 0, doors: NO_DOORS };
    },
    clear: () => {
      state = emptyState();
    },
    get size() {
      return state.rows.length;
    },
  };
};

type State = ReturnType<typeof emptyState>;

const rowNamed = ({ byId, rows }: State, id: string): { row: Row | undefined; number: number } => {
  const number = byId.find(id);
  return number === undefined ? { row: undefined, number: rows.length } : { row: rows[number], number };
};

const shut = ({ digests }: State, row: Row | undefined): void => {
  for (const { digest } of row?.doors ?? NO_DOORS) digests.remove(digest);
};

const doorsOf = ({ digests, owners }: State, { hash, previous }: KnownCredential, row: number): Door[] => {
  const open = (text: string, until: number): Door => {
    const digest = digests.add(text);
    owners[digest] = row;
    return { digest, until };
  };
  const current = open(hash, Number.POSITIVE_INFINITY);
  return previous ? [current, open(previous.hash, Date.parse(previous.until))] : [current];
};

const NOT_HELD: HeldCredential = {
  tenant: '',
  keyId: '',
  userId: '',
  scopes: [],
  isDisabled: true,
  expiresAt: 0,
};

type Shared = ReturnType<typeof interning>;

const heldOf = (tenant: string, known: KnownCredential, shared: Shared): HeldCredential => ({
  tenant: shared.text(tenant),
  keyId: known.keyId,
  userId: known.userId,
  scopes: shared.scopes(known.scopes),
  isDisabled: known.status === 'disabled',
  expiresAt: known.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(known.expiresAt),
});

/** The same text is kept once: a million keys have few tenants and fewer sets of scopes. */
const interning = () => {
  const texts = new Map<string, string>();
  const sets = new Map<string, readonly string[]>();
  const kept = <T>(map: Map<string, T>, name: string, made: T): T => {
    const known = map.get(name);
    if (known === undefined) map.set(name, made);
    return known ?? made;
  };
  return {
    text: (text: string) => kept(texts, text, text),
    scopes: (scopes: readonly string[]) => kept(sets, scopes.join(' '), scopes),
  };
};

const emptyState = () => {
  const rows: Row[] = [];
  const byId: Slots<string> = slotsOf({
    hashOf: (row) => textHash(rows[row]?.id ?? ''),
    hashOfName: textHash,
    isNamed: (row, id) => rows[row]?.id === id,
  });
  return { rows, byId, digests: digestTable(), owners: [] as number[] };
};

/** FNV-1a. Ids are ours, so nobody can choose them to collide. */
const textHash = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
};

/** Digests one after the other in one buffer, of which removed ones are used again. */
const digestTable = () => {
  let bytes = Buffer.alloc(DIGEST_BYTES * 1_024);
  let count = 0;
  const free: number[] = [];
  const of = (digest: number) => bytes.subarray(digest * DIGEST_BYTES, (digest + 1) * DIGEST_BYTES);
  const slots = slotsOf<Uint8Array>({
    hashOf: (digest) => bytes.readUInt32LE(digest * DIGEST_BYTES),
    hashOfName: (name) => Buffer.from(name.buffer, name.byteOffset, DIGEST_BYTES).readUInt32LE(0),
    isNamed: (digest, name) => timingSafeEqual(of(digest), name),
  });
  const room = (): number => {
    if ((count + 1) * DIGEST_BYTES > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)]);
    count += 1;
    return count - 1;
  };
  return {
    find: slots.find,
    add: (hash: string): number => {
      const digest = free.pop() ?? room();
      bytes.write(hash, digest * DIGEST_BYTES, 'hex');
      slots.add(digest);
      return digest;
    },
    remove: (digest: number): void => {
      slots.remove(digest);
      free.push(digest);
    },
  };
};
