import assert from 'node:assert/strict';
import type { BoundedContext } from '../../kit/context/context.ts';
import { publishedLanguage } from '../../kit/event/published-language.ts';
import { boundedContextSpec } from '../api/bounded-context.ts';
import { specOf } from './spec-of.ts';

const aContext = (overrides: Partial<BoundedContext> = {}): BoundedContext => ({
  name: 'cloud',
  version: '1.0.0',
  publishes: publishedLanguage('cloud', {}),
  upstreams: [],
  aggregates: [],
  api: [],
  reactions: [],
  ...overrides,
});

describe('the spec of a context', () => {
  it('is one that the API server takes', () => {
    const spec = specOf(aContext());
    assert.deepEqual(boundedContextSpec.parse(spec).scope, 'Tenant');
    assert.equal('frontDoor' in spec, false);
  });
  it('says that it is the front door', () => {
    const { scope, frontDoor } = specOf(aContext({ scope: 'Platform', frontDoor: true }));
    assert.deepEqual([scope, frontDoor], ['Platform', true]);
  });
});
