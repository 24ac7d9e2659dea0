import type { Schedule } from '../../../kit/schedule/schedule.ts';
import { addressFailures } from './address-failures.ts';
import { attempts } from './attempts.ts';
import { invitation } from './invitation.ts';
import { session } from './session.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Removes what has long ended. None of it publishes, so no counter is lost; a command that meets it decides again. */
const forgetWhatEnded: Schedule = {
  name: 'forget-what-ended',
  every: 10 * 60_000,
  run: async ({ db }, now) => {
    const before = now.getTime() - DAY_MS;
    await db.collection(session.collection).deleteMany({ 'state.expiresAt': { $lt: before } });
    await db.collection(invitation.collection).deleteMany({ 'state.expiresAt': { $lt: before } });
    await db.collection(addressFailures.collection).deleteMany({ 'state.until': { $lt: before } });
    await db.collection(attempts.collection).deleteMany({ 'state.forgetAt': { $lt: before } });
  },
};

export const signInSchedules = [forgetWhatEnded];
