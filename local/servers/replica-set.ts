import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, type Document, MongoClient, MongoServerError } from 'mongodb';

const notYetInitialized = 94;

/** A lone member waits out the election timeout before it elects itself, so we keep it short. */
const settings = { electionTimeoutMillis: 500, heartbeatIntervalMillis: 200 };

const currentConfig = async (admin: Db): Promise<Document | undefined> => {
  try {
    return (await admin.command({ replSetGetConfig: 1 }))['config'] as Document;
  } catch (cause) {
    if (cause instanceof MongoServerError && cause.code === notYetInitialized) return undefined;
    throw cause;
  }
};

const configure = async (admin: Db, host: string): Promise<void> => {
  const members = [{ _id: 0, host }];
  const config = await currentConfig(admin);
  if (!config) {
    await admin.command({ replSetInitiate: { _id: 'rs0', members, settings } });
  } else if (config['members'][0].host !== host) {
    // A kept data folder remembers the port of its last run.
    await admin.command({
      replSetReconfig: { ...config, members, version: config['version'] + 1 },
      force: true,
    });
  }
};

/** Initiates the set where needed and resolves when its only member is primary. */
export const awaitPrimary = async (port: number): Promise<void> => {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    const admin = client.db('admin');
    await configure(admin, `127.0.0.1:${port}`);
    while (!(await admin.command({ hello: 1 }))['isWritablePrimary']) await sleep(10);
  } finally {
    await client.close();
  }
};
