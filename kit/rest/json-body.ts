import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { RequestRefused } from './errors.ts';

export const MAX_DEPTH = 32;

/** Own keys that would reach a prototype once some code copies the object carelessly. */
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

/**
 * The JSON value of a body; undefined of an empty one.
 * @throws RequestRefused where it is not JSON, nests too deep or has a key that could act as code: one of
 * a prototype, or one that MongoDB reads as an operator.
 */
export const jsonBody = (request: IncomingMessage, raw: Buffer): unknown => {
  if (raw.length === 0) return undefined;
  refuseOtherTypes(request);
  const value = parse(raw);
  inspect(value, [], 1);
  return value;
};

const refuseOtherTypes = ({ headers }: IncomingMessage): void => {
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' && (type === 'application/json' || JSON_TYPE.test(type))) return;
  throw new RequestRefused(
    'unsupported-media-type',
    `cannot read "${type.slice(0, 80)}" in encoding "${encoding.slice(0, 20)}": send application/json in UTF-8`,
    { headers: { Accept: 'application/json' } },
  );
};

const parse = (raw: Buffer): unknown => {
  if (!isUtf8(raw)) throw new RequestRefused('malformed-json', 'the body is not UTF-8');
  try {
    return JSON.parse(raw.toString());
  } catch (cause) {
    throw new RequestRefused('malformed-json', 'the body is not JSON', { cause });
  }
};

type Path = (string | number)[];

const inspect = (value: unknown, path: Path, depth: number): void => {
  if (typeof value !== 'object' || value === null) return;
  refuseDepth(depth);
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, inner] of entries) {
    path.push(key);
    if (typeof key === 'string') refuseForbidden(key, path);
    inspect(inner, path, depth + 1);
    path.pop();
  }
};

const refuseDepth = (depth: number): void => {
  if (depth <= MAX_DEPTH) return;
  throw new RequestRefused('json-too-deep', `the body nests more than ${MAX_DEPTH} levels deep`, {
    detail: { limit: MAX_DEPTH },
  });
};

const refuseForbidden = (key: string, path: Path): void => {
  if (!key.startsWith('$') && !PROTOTYPE_KEYS.has(key)) return;
  throw new RequestRefused(
    'forbidden-key',
    `the body has a key that is never allowed: "${key.slice(0, 80)}"`,
    {
      detail: { path: formatPath(['body', ...path]) },
    },
  );
};

/** `['body', 'lines', 0, 'quantity']` → `body.lines[0].quantity` */
export const formatPath = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) =>
      typeof part === 'number' ? `[${part}]` : `${at ? '.' : ''}${String(part).slice(0, 80)}`,
    )
    .join('');
