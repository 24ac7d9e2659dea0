import assert from 'node:assert/strict';
import { boundedContextKind } from '../api/bounded-context.ts';
import { platformContext } from './as-resource.ts';
import { PLATFORM_CONSUMER, platformInMap } from './context.ts';

describe('the operator as a context', () => {
  it('publishes four kinds of facts under the name platform', () => {
    assert.deepEqual(
      platformContext.spec.publishes.map(({ type, subjectKind }) => [type, subjectKind]),
      [
        ['platform.tenant-provisioned.v1', 'tenant'],
        ['platform.tenant-removed.v1', 'tenant'],
        ['platform.subscription-changed.v1', 'subscription'],
        ['platform.plan-changed.v1', 'plan'],
      ],
    );
  });
  it('asks the subscriptions context for three', () => {
    const [upstream = assert.fail()] = platformInMap.upstreams;
    assert.deepEqual(upstream.consumes, [
      { type: 'subscriptions.account-locked.v1', kind: 'account' },
      { type: 'subscriptions.account-unlocked.v1', kind: 'account' },
      { type: 'subscriptions.plan-change-requested.v1', kind: 'plan-change' },
    ]);
    assert.deepEqual([platformInMap.scope, platformInMap.database], ['Platform', PLATFORM_CONSUMER]);
  });
  it('says the same of itself as a BoundedContext', () => {
    const { kind, metadata, spec, status } = platformContext;
    assert.deepEqual([kind, metadata.name], [boundedContextKind.kind, 'platform']);
    assert.deepEqual(status?.released, spec);
    assert.deepEqual(
      spec.upstreams.map(({ context, consumes }) => [context, consumes.map(({ type }) => type)]),
      platformInMap.upstreams.map(({ context, consumes }) => [context, consumes.map(({ type }) => type)]),
    );
  });
});
