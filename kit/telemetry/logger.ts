import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';

/** Anywhere up to three levels deep: what logs a request or a configuration must not log its secrets. */
const SECRETS = [
  'authorization',
  'cookie',
  '"set-cookie"',
  'password',
  'secret',
  'token',
  'key',
  'loginKey',
  'apiKey',
];
const redactions = SECRETS.flatMap((name) => {
  const path = name.startsWith('"') ? `[${name}]` : `.${name}`;
  return [path.replace(/^\./, ''), `*${path}`, `*.*${path}`];
});

export type LoggerOptions = {
  /** The bounded context, or whatever else the process is: on every line. */
  readonly context: string;
  /** LOG_LEVEL; `info` where it is empty. */
  readonly level?: string | undefined;
  readonly destination?: DestinationStream;
};

/** JSON lines with the level as a word and the time in RFC 3339. */
export const createLogger = ({ context, level, destination }: LoggerOptions): Logger => {
  const options = {
    level: level || 'info',
    base: { context },
    serializers: { err: stdSerializers.err, error: stdSerializers.err },
    redact: { paths: redactions, censor: '[redacted]' },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
};
