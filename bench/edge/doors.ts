import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, openConnection, requestOf } from './connection.ts';

/** Between two looks; without it who looks takes a quarter of a core from who answers. */
const LOOK_MS = 1;
const PATIENCE_MS = 30_000;

/** Every replica of the front door, asked over and over until it answers as expected. */
export type Doors = {
  readonly count: number;
  /** @returns when one of them first did, by `performance.now()`. */
  until(status: number, key: string, door: number): Promise<number>;
  /** @returns when the last of them first did. */
  untilAll(status: number, key: string): Promise<number>;
  close(): void;
};

export const whoami = (key: string, path = '/api/whoami'): Buffer =>
  requestOf({ path, headers: { authorization: `Bearer ${key}` } });

export const openDoors = async (urls: readonly string[]): Promise<Doors> => {
  const connections = await Promise.all(urls.map(openConnection));
  const until: Doors['until'] = (status, key, door) => {
    const connection = connections[door % connections.length];
    if (connection === undefined) throw new Error('there is no front door');
    return untilAnswered(connection, whoami(key), status);
  };
  return {
    count: urls.length,
    until,
    untilAll: async (status, key) =>
      Math.max(...(await Promise.all(urls.map((_, door) => until(status, key, door))))),
    close: () => {
      for (const { close } of connections) close();
    },
  };
};

const untilAnswered = async (connection: Connection, request: Buffer, status: number): Promise<number> => {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await connection.ask(request);
    const now = performance.now();
    if (answer.status === status) return now;
    if (now > deadline) throw new Error(`the front door still answers ${answer.status}, not ${status}`);
    await delay(LOOK_MS);
  }
};
