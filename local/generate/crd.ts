import { stringify } from 'yaml';
import type { Kind } from '../../operator/api/common.ts';
import { customResourceDefinition } from '../../operator/api/crd.ts';

const HEADER = '# Generated from operator/api by `npm run generate`; change that instead.\n';

export const crdYaml = (kind: Kind): string =>
  HEADER + stringify(customResourceDefinition(kind), { lineWidth: 0, aliasDuplicateObjects: false });
