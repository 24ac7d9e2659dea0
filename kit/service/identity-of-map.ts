import type { FollowedMap } from '../context-map/followed-map.ts';
import { identityVerifier, type VerifyIdentity } from '../identity/verify.ts';
import type { VerifyNow } from '../rest/identify.ts';

/** Whose word counts for who asks, as the map says now. What was verified is known until that is somebody else's. */
export const identityOfMap = (map: FollowedMap['map'], audience: string): VerifyNow => {
  let seen = map().identity;
  let verify: VerifyIdentity | undefined = seen && identityVerifier(seen, audience);
  return () => {
    const { identity } = map();
    const isSame = identity?.issuer === seen?.issuer && identity?.jwks === seen?.jwks;
    if (!isSame) verify = identity && identityVerifier(identity, audience);
    seen = identity;
    return verify;
  };
};
