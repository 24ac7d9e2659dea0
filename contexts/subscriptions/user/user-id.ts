import { createHash } from 'node:crypto';

const DIGITS = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 26;

/** Addresses that differ in case or in surrounding blanks alone are one. */
export const normalized = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** A user's id follows from the e-mail, so an address is a user once per account, without any index. */
export const userIdOf = (email: string): string => {
  const hash = createHash('sha256').update(normalized(email)).digest();
  // 26 digits of 5 bits: 130 bits of the hash.
  return Array.from({ length: LENGTH }, (_, at) => DIGITS[fiveBits(hash, at * 5)]).join('');
};

const fiveBits = (bytes: Buffer, from: number): number => {
  const byte = Math.floor(from / 8);
  return (bytes.readUInt16BE(byte) >> (11 - (from % 8))) & 31;
};
