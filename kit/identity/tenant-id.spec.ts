import { equal } from 'node:assert/strict';
import { isTenantId } from './tenant-id.ts';

describe('a permanent id of a tenant', () => {
  for (const text of ['acme', 'a', '7', 'acme-1a2b3c4d', 'a'.repeat(39)])
    it(`can be ${text.slice(0, 14)}`, () => equal(isTenantId(text), true));

  for (const text of [
    ...['', 'Acme', '-acme', 'acme-', 'a/b', 'a b', 'a,b', 'acme\n', '{"$ne":1}'],
    ...['platform', 'a'.repeat(40)],
  ])
    it(`cannot be ${JSON.stringify(text).slice(0, 14)}`, () => equal(isTenantId(text), false));
});
