import type { z } from 'zod';
import { RequestRefused } from './errors.ts';
import { formatPath } from './json-body.ts';

/** Enough to mend a request; ten thousand wrong lines are not repeated one by one. */
const MAX_ERRORS = 20;
const MAX_RECEIVED = 80;
/** Whatever is wrong with one, it is not repeated: answers end up in consoles and logs. */
const SECRET = /password|secret|token/i;

/** Of a secret body nothing is repeated: its sender may have mistaken one field for another, or mistyped a name. */
export type Part = 'params' | 'query' | 'body' | 'secret body';

/** @throws RequestRefused invalid-request, which names each wrong field and what was received there. */
export const parseInput = (schema: z.ZodType | undefined, value: unknown, part: Part): unknown => {
  if (schema === undefined) return value;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, MAX_ERRORS).map(({ path, message }) => ({
    path: formatPath([part === 'secret body' ? 'body' : part, ...path]),
    message,
    received: part === 'secret body' || path.some(isSecret) ? 'not repeated' : shorten(valueAt(value, path)),
  }));
  const first = errors[0];
  throw new RequestRefused('invalid-request', `${first?.path ?? part}: ${first?.message ?? 'is not valid'}`, {
    detail: { errors },
  });
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => {
    const isContainer = typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key);
    return isContainer ? (inner as Record<PropertyKey, unknown>)[key] : undefined;
  }, value);

const isSecret = (name: PropertyKey): boolean => SECRET.test(String(name));

const shorten = (value: unknown): string => {
  const withoutSecrets = (name: string, inner: unknown) => (isSecret(name) ? 'a secret' : inner);
  const text = JSON.stringify(value, withoutSecrets) ?? 'nothing';
  return text.length > MAX_RECEIVED ? `${text.slice(0, MAX_RECEIVED)}…` : text;
};
