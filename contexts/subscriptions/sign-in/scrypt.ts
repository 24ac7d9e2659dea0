import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's second choice for scrypt, as of 2025: 32 MB and about 0.1 s for each guess. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };
const KEY_BYTES = 32;

/** Kept with its parameters, so that passwords of today verify when the parameters grow. */
export type PasswordHash = {
  readonly algorithm: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Both base64. */
  readonly salt: string;
  readonly hash: string;
};

export const hashPassword = async (password: string): Promise<PasswordHash> => {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  const { N, r, p } = COST;
  return { algorithm: 'scrypt', N, r, p, salt: salt.toString('base64'), hash: hash.toString('base64') };
};

const NOBODY: PasswordHash = {
  algorithm: 'scrypt',
  N: COST.N,
  r: COST.r,
  p: COST.p,
  salt: randomBytes(16).toString('base64'),
  hash: randomBytes(KEY_BYTES).toString('base64'),
};

/** Whether it is the password; where there is none, it takes as long to say no. */
export const verifyPassword = async (password: string, known: PasswordHash | undefined): Promise<boolean> => {
  const { salt, hash, N, r, p } = known ?? NOBODY;
  const derived = await derive(password, Buffer.from(salt, 'base64'), { N, r, p, maxmem: COST.maxmem });
  return timingSafeEqual(derived, Buffer.from(hash, 'base64')) && known !== undefined;
};

const derive = (password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // The same letter can come as one code point or as two, by keyboard.
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, cost, (error, key) => {
      if (error) reject(new Error('cannot hash a password', { cause: error }));
      else resolve(key);
    });
  });
