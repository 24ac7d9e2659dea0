import { deepEqual } from 'node:assert/strict';
import { finalize } from './finalize.ts';
import { aCellTenant, aRunningContext, observing } from './testing/given.ts';
import { aCell } from './testing/objects.ts';

const databases = ['acme-billing', 'acme-ordering'];
const cell = (isolation = 'Dedicated') =>
  aCell({ spec: { isolation }, status: { conditions: [], databases } });
const leaving = aCellTenant({ contexts: ['ordering'], isLeaving: true });

const left = (tenants: readonly ReturnType<typeof aCellTenant>[], isolation?: string) => {
  const { effects = [] } = finalize(cell(isolation), observing([], { tenants }));
  const named = (type: string) =>
    effects.flatMap((one) => (one.type === type && 'name' in one ? [one.name] : []));
  return {
    withoutAccount: [...new Set(named('RemoveAccount'))],
    withoutQueue: named('DropQueue'),
    dropped: named('DropDatabase'),
  };
};

describe('the end of a cell', () => {
  it('removes the accounts and queues of all contexts that it ever had', () => {
    const { withoutAccount, withoutQueue } = left([leaving]);
    deepEqual([withoutAccount, withoutQueue], [databases, databases]);
  });
  it('removes those also of which the status had not heard yet', () => {
    const tenants = [aCellTenant({ contexts: ['shipping'], isLeaving: true })];
    const { effects = [] } = finalize(aCell(), observing([aRunningContext('shipping')], { tenants }));
    deepEqual(
      effects.map((one) => ('name' in one ? `${one.type} ${one.name}` : one.type)),
      [
        'RemoveAccount acme-shipping',
        'RemoveAccount acme-shipping',
        'DropQueue acme-shipping',
        'DropDatabase acme-shipping',
      ],
    );
  });
  it('drops the databases of a tenant that leaves and whose policy is Delete', () =>
    deepEqual(left([leaving]).dropped, databases));
  it('keeps them when its policy is Retain', () =>
    deepEqual(left([{ ...leaving, deletionPolicy: 'Retain' }]).dropped, []));
  it('keeps them when the tenant lives: the cell will be made again', () =>
    deepEqual(left([{ ...leaving, isLeaving: false }]).dropped, []));
  it('keeps them when nobody knows whose they were', () => deepEqual(left([]).dropped, []));
  it('keeps those of a pooled cell', () => deepEqual(left([leaving], 'Pooled').dropped, []));
});
