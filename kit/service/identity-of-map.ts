import type { Logger } from 'pino';
import { watchContextMap } from '../context-map/watch.ts';
import type { IdentityIssuer } from '../identity/identity.ts';
import { identityVerifier, type VerifyIdentity } from '../identity/verify.ts';
import { loop, type Part } from './lifecycle.ts';

export type IdentityOptions = {
  readonly file: string;
  /** The context, as tokens for it name their audience. */
  readonly audience: string;
  readonly logger: Logger;
};

export type IdentityOfMap = {
  readonly verify: () => VerifyIdentity | undefined;
  readonly part: Part;
  /** Resolves when the map was read. Before that nobody may be let in by a header. */
  readonly read: Promise<void>;
};

/** Whose word counts for who asks, as the context map says it now. */
export const identityOfMap = ({ file, audience, logger }: IdentityOptions): IdentityOfMap => {
  const read = Promise.withResolvers<void>();
  let issuer: IdentityIssuer | undefined;
  let verify: VerifyIdentity | undefined;
  const part = loop('map', (signal) =>
    watchContextMap({ file, signal, logger }, ({ identity }) => {
      const isSame = issuer?.issuer === identity?.issuer && issuer?.jwks === identity?.jwks;
      if (!isSame) verify = identity && identityVerifier(identity, audience);
      issuer = identity;
      read.resolve();
    }),
  );
  return { verify: () => verify, part, read: read.promise };
};
