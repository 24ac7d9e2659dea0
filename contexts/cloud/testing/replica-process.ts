import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { mongoCommandHandler } from '../../../kit/aggregate/command-handler.ts';
import type { Config } from '../../../kit/service/config.ts';
import { createMetrics } from '../../../kit/telemetry/metrics.ts';
import { cloud } from '../contract.ts';
import { serve } from '../serve.ts';

/** A replica as a process of its own, for specs that kill it: its configuration as JSON in, its address as a line out. */
const config = JSON.parse(process.argv[2] ?? '') as Config;
const client = await MongoClient.connect(config.MONGODB_URI);
const db = client.db(config.MONGODB_DATABASE);
const commands = mongoCommandHandler(client, db, cloud);
const logger = pino({ level: 'silent' });
const metrics = createMetrics({ context: 'cloud' });
const served = await serve({ client, db, config, commands, logger, metrics });
const server = createServer(served.handler);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
