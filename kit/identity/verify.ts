// Of jose only what verifying takes: the whole of it would cost each context 9 MB more.
import * as errors from 'jose/errors';
import { createRemoteJWKSet } from 'jose/jwks/remote';
import { jwtVerify } from 'jose/jwt/verify';
import { z } from 'zod';
import { RequestRefused } from '../rest/errors.ts';
import type { Identity, IdentityIssuer } from './identity.ts';
import { remembered } from './remembered.ts';
import { isTenantId } from './tenant-id.ts';

/**
 * @returns who asks, as the front door signed it.
 * @throws RequestRefused `identity-refused` when the token does not hold, `temporarily-unavailable` when the front
 * door's keys cannot be read.
 */
export type VerifyIdentity = (token: string) => Promise<Identity>;

/** The front door reuses a token for 1 of its 5 minutes: with this, a clock that is 5 minutes ahead still takes it. */
const CLOCK_TOLERANCE_SECONDS = 90;
/** The front door publishes a key longer than this before it signs with it. */
const LOOKED_FOR_AGAIN_MS = 2_000;
const KEYS_READ_AGAIN_MS = 600_000;
const KEYS_TIMEOUT_MS = 3_000;
/** About 10 MB; who is pushed out is verified again, which costs 0.1 ms. */
const REMEMBERED = 10_000;

const claimsSchema = z.object({
  sub: z.string().min(1).max(128).optional(),
  exp: z.number(),
  tenant: z.string().refine(isTenantId),
  key: z.string().min(1).max(128).optional(),
  scopes: z.array(z.string().min(1).max(128)).max(50),
});

/** Verifies the front door's JWTs (RFC 7519, EdDSA) for one context, each once until it expires. */
export const identityVerifier = ({ issuer, jwks }: IdentityIssuer, audience: string): VerifyIdentity => {
  const url = URL.parse(jwks);
  if (url === null)
    return () => Promise.reject(away(new Error(`the map's identity.jwks is no URL: ${jwks}`)));
  const keys = createRemoteJWKSet(url, {
    cooldownDuration: LOOKED_FOR_AGAIN_MS,
    cacheMaxAge: KEYS_READ_AGAIN_MS,
    timeoutDuration: KEYS_TIMEOUT_MS,
  });
  const options = {
    issuer,
    audience,
    algorithms: ['EdDSA', 'Ed25519'],
    requiredClaims: ['exp', 'tenant', 'scopes'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };
  const { recall, remember } = remembered<Identity>(REMEMBERED);
  return async (token) => {
    const known = recall(token);
    if (known !== undefined) return known;
    const { payload } = await jwtVerify(token, keys, options).catch((error: unknown) => {
      throw refusalOf(error);
    });
    const { identity, until } = verifiedOf(payload);
    remember(token, identity, until);
    return identity;
  };
};

type Verified = { readonly identity: Identity; readonly until: number };

const verifiedOf = (payload: unknown): Verified => {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) throw refused('its claims are not those of an identity', parsed.error);
  const { sub, exp, tenant, key, scopes } = parsed.data;
  const identity = {
    tenant,
    scopes,
    ...(sub !== undefined && { user: sub }),
    ...(key !== undefined && { key }),
  };
  return { identity, until: (exp + CLOCK_TOLERANCE_SECONDS) * 1_000 };
};

/** What is wrong with a token, in words that say nothing of it. Any other failure is about reaching the keys. */
const FAULTS: Readonly<Record<string, string>> = {
  [errors.JWTExpired.code]: 'it has expired: send the request again through the front door',
  [errors.JWTClaimValidationFailed.code]: 'it is not from the front door, or not for this context',
  [errors.JWTInvalid.code]: 'it is no signed token',
  [errors.JWSInvalid.code]: 'it is no signed token',
  [errors.JWSSignatureVerificationFailed.code]: 'its signature does not hold',
  [errors.JWKSNoMatchingKey.code]: 'it is signed with a key that the front door does not have',
  [errors.JWKSMultipleMatchingKeys.code]: 'it does not say with which key it is signed',
  [errors.JOSEAlgNotAllowed.code]: 'it is not signed with EdDSA',
  [errors.JOSENotSupported.code]: 'it is not signed with EdDSA',
};

const refusalOf = (error: unknown): RequestRefused => {
  const fault = error instanceof errors.JOSEError ? FAULTS[error.code] : undefined;
  if (fault !== undefined) return refused(fault, error);
  return away(error);
};

const away = (cause: unknown): RequestRefused =>
  new RequestRefused(
    'temporarily-unavailable',
    "the front door's keys cannot be read for now: send the request again",
    { cause, headers: { 'Retry-After': '2' } },
  );

const refused = (fault: string, cause: unknown): RequestRefused =>
  new RequestRefused('identity-refused', `the identity is refused: ${fault}`, {
    cause,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
