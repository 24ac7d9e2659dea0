import { aggregate } from '../../../kit/aggregate/aggregate.ts';

/** Who issues: its numbers run on without a gap, since each is taken in the transaction of its invoice. */
export type Issuer = { readonly last: number };
export type IssuerEvent = { readonly type: 'NumbersTaken'; readonly data: { readonly count: number } };

export const issuer = aggregate<Issuer, IssuerEvent>({
  kind: 'issuer',
  collection: 'issuers',
  initialState: () => ({ last: 0 }),
  evolve: ({ last }, { data }) => ({ last: last + data.count }),
});

export const issuerKey = () => issuer.keyIn('platform', 'cadastre');
export const numberOf = (count: number) => `CAD-${String(count).padStart(8, '0')}`;
