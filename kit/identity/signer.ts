import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { IdentityIssuer } from './identity.ts';

/** What is signed; unknown where specs sign what nobody should. */
export type Token = {
  readonly tenant?: unknown;
  readonly user?: string;
  readonly key?: string;
  /** All when absent. */
  readonly scopes?: unknown;
  /** The context that it is for. */
  readonly audience: string;
  readonly issuer?: string;
  /** Seconds from now; five minutes when absent, as the front door has it. */
  readonly expiresIn?: number;
};

export type SigningKey = { readonly kid: string; readonly privateKey: CryptoKey; readonly jwk: JWK };

/** Stands for the front door where none runs: in specs, guides and benches of contexts alone. */
export interface Signer {
  /** For the context map. */
  readonly issuer: IdentityIssuer;
  sign(token: Token): Promise<string>;
  stop(): Promise<void>;
}

/** Signs with a key of its own, whose public half it publishes over HTTP to this machine. */
export const startSigner = async (): Promise<Signer> => {
  const key = await newSigningKey();
  const { issuer, stop } = await publishKeys(() => [key.jwk]);
  return { issuer, stop, sign: (token) => signedBy(key, token) };
};

export const newSigningKey = async (alg = 'EdDSA'): Promise<SigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const kid = crypto.randomUUID();
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
};

const ISSUER = 'cadastre-cloud';

/** @param keys those of now; undefined answers 503. */
export const publishKeys = async (
  keys: () => readonly JWK[] | undefined,
): Promise<Pick<Signer, 'issuer' | 'stop'>> => {
  const server = createServer((_, response) => {
    const published = keys();
    response.statusCode = published === undefined ? 503 : 200;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { issuer: { issuer: ISSUER, jwks: `http://127.0.0.1:${port}/.well-known/jwks.json` }, stop };
};

export const signedBy = ({ kid, privateKey, jwk }: SigningKey, token: Token): Promise<string> => {
  const { tenant, user, key, scopes = ['*'], expiresIn = 300 } = token;
  const jwt = new SignJWT({ tenant, scopes, ...(key !== undefined && { key }) })
    .setProtectedHeader({ alg: jwk.alg ?? 'EdDSA', kid })
    .setIssuer(token.issuer ?? ISSUER)
    .setAudience(token.audience)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresIn);
  return (user === undefined ? jwt : jwt.setSubject(user)).sign(privateKey);
};
