import { z } from 'zod';
import { normalized } from './user/user-id.ts';

/** A tenant's permanent id; `platform` is no account. */
export const account = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?$/, 'must be the permanent id of an account')
  .refine((id) => id !== 'platform', 'must be the permanent id of an account');
export const accountParams = z.object({ account });
export const email = z.email().max(254).transform(normalized);
export const month = z.string().regex(/^[0-9]{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11');
/** Why staff did something. */
export const reason = z.string().trim().min(1).max(500);
