import { createHash, randomBytes } from 'node:crypto';

/** 256 bits in base64url: what a session's cookie and an invitation's link carry. Stored as its hash alone. */
export const newToken = (): string => randomBytes(32).toString('base64url');

export const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Also the id of what the token stands for, so that a lookup compares hashes and tells nothing by its timing. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');
