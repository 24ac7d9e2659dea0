import type { BoundedContext } from '../../kit/context/context.ts';
import { api } from './api.ts';
import { ordering as language } from './contract.ts';
import { statuses } from './errors.ts';
import { item } from './item.ts';
import { order } from './order.ts';
import { reactions } from './reactions.ts';

export const ordering: BoundedContext = {
  name: 'ordering',
  version: '0.1.0',
  publishes: language,
  upstreams: [
    { context: 'catalog', relation: 'AnticorruptionLayer', start: 'snapshot', staleness: 'PT5S' },
    { context: 'shipping', relation: 'Conformist', start: 'retained', staleness: 'PT5S' },
  ],
  aggregates: [order, item],
  api,
  reactions,
  refusals: statuses,
};
