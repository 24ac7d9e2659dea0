import { type Servers, startServers } from '../../local/servers/start-servers.ts';
import type { Ground } from '../ground.ts';
import { closeStage } from './stage.ts';

const OPLOG_MB = 3_000;

const started = new WeakMap<Ground, Promise<Servers>>();

/** Servers with nobody else on them, the same for all who ask; whatever ran on the landscape is over. */
export const quietServers = (ground: Ground): Promise<Servers> => {
  const known = started.get(ground);
  if (known !== undefined) return known;
  const servers = closeStage(ground).then(() =>
    startServers({ oplogSizeMb: OPLOG_MB, progress: ground.say, onExit: ground.say }),
  );
  started.set(ground, servers);
  ground.atEnd(async () => (await servers).stop());
  return servers;
};
