import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { IdentityIssuer } from '../identity.ts';

export type Token = {
  readonly tenant?: unknown;
  readonly user?: string;
  readonly key?: string;
  readonly scopes?: unknown;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now. */
  readonly expiresIn?: number;
  readonly signedBy?: SigningKey;
};

export type SigningKey = { readonly kid: string; readonly privateKey: CryptoKey; readonly jwk: JWK };

/** The front door as far as contexts see it: signed tokens, and public keys over real HTTP. */
export type FrontDoor = {
  readonly issuer: IdentityIssuer;
  /** How often its keys were read. */
  keysRead(): number;
  sign(token?: Token): Promise<string>;
  /** Signs with a new key from now on; the ones before are published no more. */
  rotate(): Promise<void>;
  goAway(): void;
  comeBack(): void;
  stop(): Promise<void>;
};

export const newSigningKey = async (alg = 'EdDSA'): Promise<SigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const kid = crypto.randomUUID();
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
};

const ISSUER = 'cadastre-cloud';

export const startFrontDoor = async (audience: string): Promise<FrontDoor> => {
  let current = await newSigningKey();
  let reads = 0;
  let isAway = false;
  const keys: RequestListener = (_, response) => {
    reads += 1;
    response.statusCode = isAway ? 503 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [current.jwk] }));
  };
  const server = createServer(keys).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    issuer: { issuer: ISSUER, jwks: `http://127.0.0.1:${port}/jwks.json` },
    keysRead: () => reads,
    sign: ({ signedBy = current, ...token } = {}) => signed({ audience, ...token, signedBy }),
    rotate: async () => {
      current = await newSigningKey();
    },
    goAway: () => {
      isAway = true;
    },
    comeBack: () => {
      isAway = false;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const signed = (token: Token & { readonly signedBy: SigningKey; readonly audience: string }) => {
  const { tenant = 'acme-1a2b3c4d', user, key, scopes = ['*'], expiresIn = 300, signedBy } = token;
  const { kid, privateKey, jwk } = signedBy;
  const jwt = new SignJWT({ tenant, scopes, ...(key !== undefined && { key }) })
    .setProtectedHeader({ alg: jwk.alg ?? 'EdDSA', kid })
    .setIssuer(token.issuer ?? ISSUER)
    .setAudience(token.audience)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresIn);
  return (user === undefined ? jwt : jwt.setSubject(user)).sign(privateKey);
};
