import type { Db } from 'mongodb';
import { z } from 'zod';
import { type PageQuery, pageOf, pageSchema } from '../../../kit/rest/page.ts';
import { userNotFound } from '../errors.ts';
import { type KnownUser, ROLES, type User } from '../user/user.ts';

export const userSchema = z.object({
  userId: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  status: z.enum(['invited', 'active', 'disabled']),
  invitedAt: z.string(),
});
export const userPageSchema = pageSchema(userSchema);
export type UserView = z.output<typeof userSchema>;

export const toUser = (userId: string, state: User): UserView => {
  if (state.status === 'none') throw userNotFound(userId);
  const { email, name, role, invitedAt } = state;
  return { userId, email, name, role, status: statusOf(state), invitedAt };
};

const statusOf = ({ joined, disabledAt }: KnownUser): UserView['status'] => {
  if (disabledAt !== undefined) return 'disabled';
  return joined ? 'active' : 'invited';
};

/** As it is now; `none` where there is no such user. */
export const readUser = async (db: Db, tenant: string, userId: string): Promise<User> => {
  const found = await usersOf(db).findOne({ _id: `${tenant}/${userId}`, tenant });
  return found?.state ?? { status: 'none' };
};

export const listUsers = async (db: Db, tenant: string, page: PageQuery) => {
  const documents = await usersOf(db)
    .find({
      tenant,
      _id: { $gt: `${tenant}/${page.after ?? ''}`, $lt: `${tenant}0` },
      'state.status': 'known',
    })
    .sort({ _id: 1 })
    .limit(page.limit + 1)
    .toArray();
  const users = documents.map(({ id, state }) => toUser(id, state));
  return pageOf(users, page, ({ userId }) => userId);
};

/** The inline projection of `user`. */
const usersOf = (db: Db) => db.collection<{ _id: string; tenant: string; id: string; state: User }>('users');
