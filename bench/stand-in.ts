// A consumer that acknowledges and does nothing else, as a process of its own: stand-in.ts <redis url> <consumer>.
import { bullmqReceiver } from '../kit/queue/bullmq-queue.ts';
import { createLogger } from '../kit/telemetry/logger.ts';

const [redisUrl = '', consumer = ''] = process.argv.slice(2);
const logger = createLogger({ context: 'stand-in', level: 'warn' });
let count = 0;

bullmqReceiver({ redisUrl, consumer, logger }, async ({ events }) => {
  count += events.length;
  process.send?.(count);
});
process.once('disconnect', () => process.exit(0));
