import type { Column } from '../../operator/api/common.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { age } from '../duration.ts';

/**
 * The parts of a JSON path as printer columns have them: `.status.id`, and `.status.conditions[?(@.type=="Ready")].status`
 * for the first entry of a list whose field has that value.
 */
const STEP = /\.([A-Za-z]\w*)|\[\?\(@\.(\w+)=="([^"]*)"\)\]/g;

/** What a column of `cadastre get` shows of an object, as kubectl prints it. */
export const cellText = (object: KubeObject, { type, jsonPath }: Column, now: number): string => {
  const value = at(object, jsonPath);
  if (value === undefined || value === null) return '';
  if (type === 'date') return age(String(value), now);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const at = (object: unknown, jsonPath: string): unknown =>
  [...jsonPath.matchAll(STEP)].reduce<unknown>((value, [, field, key, wanted]) => {
    if (field !== undefined) return fieldOf(value, field);
    return Array.isArray(value) ? value.find((one) => fieldOf(one, key ?? '') === wanted) : undefined;
  }, object);

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
