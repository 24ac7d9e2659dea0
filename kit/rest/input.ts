import type { z } from 'zod';
import { RequestRefused } from './errors.ts';
import { formatPath } from './json-body.ts';

/** Enough to mend a request; ten thousand wrong lines are not repeated one by one. */
const MAX_ERRORS = 20;
const MAX_RECEIVED = 80;

export type Part = 'params' | 'query' | 'body';

/** @throws RequestRefused invalid-request, which names each wrong field and what was received there. */
export const parseInput = (schema: z.ZodType | undefined, value: unknown, part: Part): unknown => {
  if (schema === undefined) return value;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, MAX_ERRORS).map(({ path, message }) => ({
    path: formatPath([part, ...path]),
    message,
    received: shorten(valueAt(value, path)),
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

const shorten = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_RECEIVED ? `${text.slice(0, MAX_RECEIVED)}…` : text;
};
