import type { HeldCredential } from '../credentials.ts';

/** Somebody who may do everything, for specs of what comes after `authenticate`. */
export const caller: HeldCredential = {
  tenant: 'acme-1a2b3c4d',
  keyId: 'k1',
  userId: 'ada',
  scopes: ['*'],
  isDisabled: false,
  expiresAt: Number.POSITIVE_INFINITY,
};
