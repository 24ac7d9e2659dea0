import { SignJWT } from 'jose';
import type { HeldCredential } from '../replica/credentials.ts';
import type { SigningKeys } from './signing-keys.ts';

export const ISSUER = 'cadastre-cloud';
const LIVES_SECONDS = 300;
const REUSED_MS = 60_000;
const MOST_TOKENS = 10_000;

/** A token that tells one context who asks. */
export type SignIdentity = (caller: HeldCredential, context: string) => Promise<string>;

type Made = { readonly token: Promise<string>; readonly until: number };

/** Signs, and uses a token again for a minute: verifiers then know it as well, and signing costs as much as a lookup. */
export const signIdentity = (
  keys: Pick<SigningKeys, 'current'>,
  now: () => number = Date.now,
): SignIdentity => {
  // A changed credential is another object, so its old token is never used for it.
  let made = new Map<HeldCredential, Map<string, Made>>();
  let count = 0;

  return (caller, context) => {
    const time = now();
    const known = made.get(caller)?.get(context);
    if (known && time < known.until) return known.token;
    if (count >= MOST_TOKENS) {
      made = new Map();
      count = 0;
    }
    const token = sign(keys.current, { caller, context, time });
    const ofCaller = made.get(caller) ?? new Map<string, Made>();
    made.set(caller, ofCaller.set(context, { token, until: time + REUSED_MS }));
    count += 1;
    return token;
  };
};

type Signing = { readonly caller: HeldCredential; readonly context: string; readonly time: number };

const sign = ({ kid, key }: SigningKeys['current'], { caller, context, time }: Signing): Promise<string> => {
  const issuedAt = Math.floor(time / 1_000);
  return new SignJWT({ tenant: caller.tenant, key: caller.keyId, scopes: [...caller.scopes] })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(context)
    .setSubject(caller.userId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIVES_SECONDS)
    .sign(key);
};
