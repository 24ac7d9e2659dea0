import { z } from 'zod';
import { portSchema } from '../kit/service/config.ts';

const configSchema = z.object({
  ADMIN_PORT: portSchema,
  /** Serves the metrics alone; they are on the admin port in any case. */
  METRICS_PORT: portSchema.optional(),
  LOG_LEVEL: z.enum(['silent', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  /** Where it runs, with its lease, the landscape's map and the contexts of the platform. */
  OPERATOR_NAMESPACE: z.string().min(1),
  OPERATOR_LEASE: z.string().min(1).default('cadastre-operator'),
  /** The ConfigMap with the landscape's map, which the relay mounts. */
  LANDSCAPE_MAP: z.string().min(1).default('cadastre-landscape'),
  /** How long a new version may take to become ready before it is taken back, in seconds. */
  PROGRESS_DEADLINE_SECONDS: z.coerce.number().int().min(5).default(180),
  /** Secrets of its namespace with credentials for registries, for the pods of contexts; names with commas between. */
  IMAGE_PULL_SECRETS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((name) => name.trim() || [])),
  /** The namespace whose pods may collect the metrics of contexts; none when empty. */
  METRICS_NAMESPACE: z.string().default(''),
  /** Administrators of both servers: they make the contexts' users. */
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb://'),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'must start with redis://'),
});

export type OperatorConfig = z.infer<typeof configSchema>;

/** @throws Error that names each variable that is missing or wrong. Values may be secret and are not shown. */
export const readOperatorConfig = (environment: NodeJS.ProcessEnv): OperatorConfig => {
  const parsed = configSchema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`cannot start the operator: set these environment variables: ${faults.join('; ')}`);
};
