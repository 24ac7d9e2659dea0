import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { KubeRequest } from './kube-client.ts';
import { pathParts } from './path-parts.ts';

/** The `Status` object by which the API server says why not. */
const statusSchema = z.object({
  message: z.string().default(''),
  reason: z.string().default(''),
  code: z.number().optional(),
  details: z
    .object({
      retryAfterSeconds: z.number().optional(),
      causes: z.array(z.object({ field: z.string().optional() })).optional(),
    })
    .optional(),
});

type Status = z.infer<typeof statusSchema>;

export type Refused = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As it came: a load balancer answers with something else than a `Status`. */
  readonly text: string;
};

const LONGEST_FOREIGN_TEXT = 200;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const statusOf = (text: string): Status => {
  const { data } = statusSchema.safeParse(parse(text));
  return data ?? { message: text.trim().slice(0, LONGEST_FOREIGN_TEXT), reason: '' };
};

/** Failures in which the API server may quote what it was sent. */
const quoting = new Set([400, 422, 500]);

/** A Secret's content would otherwise end up in logs and conditions. */
const mayBeSaid = (path: string, status: number): boolean =>
  !(quoting.has(status) && pathParts(path).resource === 'secrets');

const saying = (path: string, status: number, { message, details }: Status): string => {
  if (mayBeSaid(path, status)) return message;
  const fields = (details?.causes ?? []).flatMap(({ field }) => field ?? []);
  return fields.length > 0 ? `see ${fields.join(', ')}` : 'what it says may quote the Secret and is left out';
};

const reasonFor = (status: number): string => STATUS_CODES[status]?.replaceAll(/\W/g, '') ?? 'Unknown';

const retryAfter = (header: string | undefined, status: Status): number | undefined => {
  const seconds = Number(header);
  // Kubernetes says seconds; a date would mean trusting another's clock.
  if (header !== undefined && Number.isFinite(seconds)) return Math.max(0, seconds);
  return status.details?.retryAfterSeconds;
};

/** What an answer of 400 and above means: `GET /api/v1/pods: 403 Forbidden: pods is forbidden: …`. */
export const refusal = (
  { method, path }: Pick<KubeRequest, 'method' | 'path'>,
  { status, headers, text }: Refused,
): ApiError => {
  const said = statusOf(text);
  const reason = said.reason || reasonFor(status);
  const words = saying(path, status, said);
  const message = `${method} ${path}: ${status} ${reason}${words && `: ${words}`}`;
  return new ApiError(message, {
    status,
    reason,
    retryAfterSeconds: retryAfter(headers['retry-after'], said),
  });
};

/** The same for the `Status` that a watch delivers as its last event. */
export const watchRefusal = (path: string, object: unknown): ApiError => {
  const status = statusSchema.safeParse(object).data?.code ?? 500;
  return refusal({ method: 'GET', path }, { status, headers: {}, text: JSON.stringify(object) });
};
