import { installIntoCache } from './cache.ts';
import { addDebianPackages } from './debian-packages.ts';
import type { Executable, Progress } from './executable.ts';

/** Redis offers no binaries of its own; the machine's package archive does. */
export const getRedis = (progress: Progress): Promise<Executable> => {
  progress('getting redis-server from the apt archive (2 MB) …');
  return installIntoCache('redis-server', (folder) =>
    addDebianPackages({ into: folder, command: 'redis-server', packages: ['redis-server', 'redis-tools'] }),
  );
};
