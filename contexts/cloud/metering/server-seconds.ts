import type { Db } from 'mongodb';

/** The time of mongod, whatever the clock of this process says. */
export const serverSeconds = async (db: Db): Promise<number> => {
  const { localTime } = await db.command({ hello: 1 });
  return Math.floor((localTime as Date).getTime() / 1_000);
};
