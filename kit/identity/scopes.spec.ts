import { deepEqual, equal } from 'node:assert/strict';
import { allows, scopeNeeded } from './scopes.ts';

describe('the scope that is needed', () => {
  it('is to read for what only looks, and to write for the rest', () =>
    deepEqual(
      ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get'].map((method) =>
        scopeNeeded('ordering', method).replace('ordering:', ''),
      ),
      ['read', 'read', 'write', 'write', 'write', 'write', 'write', 'write'],
    ));
});

describe('scopes', () => {
  for (const [scopes, needed, isAllowed] of [
    [['ordering:read'], 'ordering:read', true],
    [['catalog:write', 'ordering:read'], 'ordering:read', true],
    [['*'], 'ordering:write', true],
    [['ordering:write'], 'ordering:read', false],
    [['ordering:read'], 'ordering:write', false],
    [['shipping:read'], 'ordering:read', false],
    [['ordering:*', 'ordering', ''], 'ordering:read', false],
    [[], 'ordering:read', false],
  ] as const) {
    it(`${isAllowed ? 'allow' : 'do not allow'} ${needed} to [${scopes}]`, () =>
      equal(allows(scopes, needed), isAllowed));
  }
});
