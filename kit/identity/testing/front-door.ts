import {
  newSigningKey,
  publishKeys,
  type Token as SignedToken,
  type Signer,
  type SigningKey,
  signedBy,
} from '../signer.ts';

export type Token = Partial<SignedToken> & { readonly signedBy?: SigningKey };

/** The front door as far as a context sees it, and what may become of it. */
export type FrontDoor = Pick<Signer, 'issuer' | 'stop'> & {
  /** For the context and the tenant acme-1a2b3c4d where it names no other. */
  sign(token?: Token): Promise<string>;
  /** How often its keys were read. */
  keysRead(): number;
  /** Signs with a new key from now on; the ones before are published no more. */
  rotate(): Promise<void>;
  goAway(): void;
  comeBack(): void;
};

export const startFrontDoor = async (audience: string): Promise<FrontDoor> => {
  let current = await newSigningKey();
  let reads = 0;
  let isAway = false;
  const published = await publishKeys(() => {
    reads += 1;
    return isAway ? undefined : [current.jwk];
  });
  return {
    ...published,
    keysRead: () => reads,
    sign: ({ signedBy: key = current, ...token } = {}) =>
      signedBy(key, { audience, tenant: 'acme-1a2b3c4d', ...token }),
    rotate: async () => {
      current = await newSigningKey();
    },
    goAway: () => {
      isAway = true;
    },
    comeBack: () => {
      isAway = false;
    },
  };
};
