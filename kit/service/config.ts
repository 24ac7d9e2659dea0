import { z } from 'zod';

/** `7001`, or `127.0.0.1:7001` to listen on one address alone. */
export const portSchema = z
  .string()
  .regex(/^((\d{1,3}\.){3}\d{1,3}:)?\d{1,5}$/, 'must be a port, or an IPv4 address, a colon and a port')
  .transform((text) => {
    const [port, host] = text.split(':').toReversed();
    return { port: Number(port), ...(host !== undefined && { host }) };
  });

/** The process contract: these variables and no others. */
const configSchema = z.object({
  PORT: portSchema,
  ADMIN_PORT: portSchema,
  /** Serves the metrics alone; they are on the admin port in any case. */
  METRICS_PORT: portSchema.optional(),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb://'),
  MONGODB_DATABASE: z.string().min(1).max(63),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'must start with redis://'),
  REDIS_PREFIX: z.string().regex(/^\{.+\}$/, 'must be {<cell>-<context>}, braces included'),
  CADASTRE_MAP: z.string().min(1),
  CADASTRE_CELL: z.string().min(1),
  LOG_LEVEL: z.enum(['silent', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
});

export type Config = z.infer<typeof configSchema>;

/** @throws Error that names each variable that is missing or wrong. Values may be secret and are not shown. */
export const readConfig = (environment: NodeJS.ProcessEnv): Config => {
  const parsed = configSchema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`cannot start: set these environment variables: ${faults.join('; ')}`);
};
