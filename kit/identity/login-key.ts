import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX = 'cad_';
/** 62^30 keys are 178 bits: nobody guesses one, so a fast hash of it is enough. */
const RANDOM_DIGITS = 30;
/** 62^6 is above 2^32. */
const CHECK_DIGITS = 6;
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_DIGITS + CHECK_DIGITS}}$`);

/** A login key: `cad_`, 30 random digits of base 62, and the CRC-32 of all that in 6 more. It is shown once. */
export const newLoginKey = (): string => {
  const random = Array.from({ length: RANDOM_DIGITS }, () => DIGITS[randomInt(DIGITS.length)]).join('');
  return `${PREFIX}${random}${checkOf(PREFIX + random)}`;
};

/** Whether it could be a key at all; what is mistyped, cut off or guessed is refused without a look into any database. */
export const isWellFormed = (text: string): boolean =>
  FORM.test(text) && checkOf(text.slice(0, -CHECK_DIGITS)) === text.slice(-CHECK_DIGITS);

/** What is stored and told of a key: SHA-256 in lower-case hexadecimal digits. */
export const hashOf = (key: string): string => hash('sha256', key);

const checkOf = (text: string): string => {
  let rest = crc32(text);
  let digits = '';
  for (let n = 0; n < CHECK_DIGITS; n += 1) {
    digits = `${DIGITS[rest % DIGITS.length]}${digits}`;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
};
