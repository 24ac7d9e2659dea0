import type { Column, Kind } from '../../operator/api/common.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { columns } from '../columns.ts';
import { cellText } from './cell-text.ts';

const NAME: Column = { name: 'Name', type: 'string', jsonPath: '.metadata.name' };
const AGE: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

export type TableOptions = { readonly wide?: boolean; readonly now: number };

/** The columns that kubectl prints for this kind, too. */
export const objectTable = (
  kind: Kind,
  objects: readonly KubeObject[],
  { wide = false, now }: TableOptions,
): string => {
  const shown = [NAME, ...kind.columns.filter(({ priority = 0 }) => wide || priority === 0), AGE];
  const head = shown.map(({ name }) => name.toUpperCase());
  return columns([head, ...objects.map((object) => shown.map((column) => cellText(object, column, now)))]);
};
