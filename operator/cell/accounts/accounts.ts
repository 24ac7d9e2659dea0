import { createHash } from 'node:crypto';
import { ReconcileError } from '../../engine/reconcile-error.ts';

/** A user of one context at a database or queue server. */
export type Account = {
  /** The context's consumer name, its database and the key prefix: `acme-ordering`. */
  readonly name: string;
  readonly cell: string;
  readonly password: string;
};

/**
 * The accounts of contexts at one server.
 *
 * Guarantees: an account reaches what has its own name and nothing else. Everything may be repeated. What someone
 * else made under the same name is neither changed nor removed. Servers keep passwords as hashes only.
 * Every method throws `ServerAway` when the server does not answer, `ServerRefused` when it does not let us.
 */
export interface Accounts {
  /** The fingerprints of those that are there; empty for what someone else made. */
  look(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Of all that were made here, and maybe others. Cheap enough to be asked every few seconds. */
  names(): Promise<ReadonlySet<string>>;
  /** Makes the account, or makes it what it should be. @throws NotOurAccount */
  provide(account: Account): Promise<void>;
  /** Ends the account and its connections. One that is not there, or not ours, stays so. */
  remove(name: string): Promise<void>;
}

export type ServerKind = 'MongoDB' | 'Redis';

/** Raise it when the rights that accounts are given change: then all are set again. */
const RIGHTS = 1;

/** What an account carries to show which password and which rights it was given. Not secret: passwords are random. */
export const fingerprintOf = ({ name, password }: Pick<Account, 'name' | 'password'>): string =>
  createHash('sha256').update(`${RIGHTS} ${name} ${password}`).digest('hex').slice(0, 32);

/** Waiting heals it. */
export class ServerAway extends ReconcileError {
  constructor(server: ServerKind, cause: unknown) {
    const message = `${server} does not answer: see that it runs, and that the operator's address of it is right`;
    super(`${server}Away`, message, { cause });
  }
}

/** Someone has to give the operator the right. */
export class ServerRefused extends ReconcileError {
  constructor(server: ServerKind, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `${server} refuses the operator: ${why}; give its user the right to manage users`;
    super(`${server}Refused`, message, { cause });
  }
}

export class NotOurAccount extends ReconcileError {
  constructor(server: ServerKind, name: string) {
    super(
      'AccountNotOurs',
      `${server} has a user ${name} that the operator did not make: remove or rename it`,
    );
  }
}
