import type { IdentityIssuer } from '../../kit/identity/identity.ts';
import type { Landscape } from './facts.ts';
import { endpointOf } from './names.ts';

/** Whose word contexts take for who asks: the front door's. Undefined while none is released. */
export const identityIn = (
  { frontDoor }: Pick<Landscape, 'frontDoor'>,
  operatorNamespace: string,
): IdentityIssuer | undefined =>
  frontDoor === undefined
    ? undefined
    : {
        issuer: `cadastre-${frontDoor}`,
        jwks: `${endpointOf(operatorNamespace, frontDoor)}/.well-known/jwks.json`,
      };
