import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { moveBacklog, startBacklog } from './backlog.ts';
import { getMoreRate } from './change-streams.ts';
import type { Bench } from './ground.ts';

/** Outbox to queue: order-placed events that ordering has committed to batches that were taken and acknowledged. */
export const relayRate: Bench = {
  names: ['relay.rate'],
  run: async (ground) => {
    const backlog = await startBacklog(ground);
    await backlog.landscape.processes.get('shipping')?.stop();
    const standIn = startStandIn(backlog.servers.redisUrl);
    try {
      const { value, limit } = await moveBacklog(backlog, standIn, getMoreRate);
      return [{ name: 'relay.rate', value, unit: 'events/s', limit }];
    } finally {
      standIn.process.kill('SIGKILL');
      await backlog.stop();
    }
  },
};

const startStandIn = (redisUrl: string): { process: ChildProcess; done: () => Promise<number> } => {
  const entry = fileURLToPath(new URL('stand-in.ts', import.meta.url));
  const child = fork(entry, [redisUrl, 'local-shipping'], { execArgv: [] });
  let received = 0;
  child.on('message', (count) => {
    received = Number(count);
  });
  return { process: child, done: async () => received };
};
