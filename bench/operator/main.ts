// The operator as operator/main.ts runs it, with servers that have every user at once.
import { run } from '../../operator/run.ts';
import { instantServers } from './instant-servers.ts';

const { WORKERS } = process.env;
await run({ open: instantServers, ...(WORKERS !== undefined && { workers: Number(WORKERS) }) });
