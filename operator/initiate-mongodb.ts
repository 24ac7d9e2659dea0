import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient, MongoServerError } from 'mongodb';
import { z } from 'zod';

const environment = z.object({
  /** Where others reach it, `<host>:<port>`: the replica set's only member. */
  MONGODB_HOST: z.string().min(1),
  MONGODB_PASSWORD: z.string().min(1),
});

/** AlreadyInitialized */
const INITIATED = 23;
/** Unauthorized: there is an administrator already, so localhost is nobody special any more. */
const ADMINISTERED = 13;
/** The user exists. */
const KNOWN = 51_003;

const USER = 'cadastre';
const AGAIN_MS = 1_000;

/**
 * Makes a replica set of one member and its administrator, for the mongod beside it: MongoDB lets nobody but a
 * neighbour on localhost make the first user. May be repeated at any point. Then it sleeps, since a container that
 * ends is started again.
 */
export const initiateMongodb = async (): Promise<void> => {
  const { MONGODB_HOST: host, MONGODB_PASSWORD: password } = environment.parse(process.env);
  process.on('SIGTERM', () => process.exit(0));
  const client = new MongoClient('mongodb://127.0.0.1:27017', { directConnection: true });
  for (let isDone = false; !isDone; ) {
    isDone = await initiate(client, { host, password }).catch((error: unknown) => {
      console.error(`waiting for mongod: ${error instanceof Error ? error.message : error}`);
      return false;
    });
    if (!isDone) await delay(AGAIN_MS);
  }
  await client.close();
  console.log('the replica set and its administrator are there');
  for (;;) await delay(3_600_000);
};

/** Does what is left to do: somebody may have stopped in between, or been here before. */
export const initiate = async (
  client: MongoClient,
  { host, password }: { host: string; password: string },
): Promise<true> => {
  const admin = client.db('admin');
  const config = { _id: 'rs0', members: [{ _id: 0, host }] };
  await unless([INITIATED, ADMINISTERED], () => admin.command({ replSetInitiate: config }));
  while (!(await admin.command({ hello: 1 }))['isWritablePrimary']) await delay(200);
  const command = { createUser: USER, pwd: password, roles: ['root'], mechanisms: ['SCRAM-SHA-256'] };
  await unless([KNOWN, ADMINISTERED], () => admin.command(command));
  return true;
};

const unless = async (codes: readonly number[], act: () => Promise<unknown>): Promise<void> => {
  await act().catch((error: unknown) => {
    if (!(error instanceof MongoServerError && codes.includes(Number(error.code)))) throw error;
  });
};
