// A command that starts servers, says what it started and then waits for its end.
import { startServers } from '../start-servers.ts';

const servers = await startServers({ cacheGb: 0.25 });
const said = {
  pids: [servers.mongod.pid(), servers.redis.pid()],
  ports: [servers.mongod.port, servers.redis.port],
};
console.log(JSON.stringify(said));
setInterval(() => undefined, 60_000);
