import type { BoundedContext } from '../../kit/context/context.ts';
import { api } from './api.ts';
import { catalog as language } from './contract.ts';
import { statuses } from './errors.ts';
import { product } from './product.ts';
import { reactions } from './reactions.ts';
import { reservation } from './reservation.ts';

export const catalog: BoundedContext = {
  name: 'catalog',
  version: '0.1.0',
  publishes: language,
  upstreams: [{ context: 'ordering', relation: 'CustomerSupplier', start: 'retained', staleness: 'PT5S' }],
  aggregates: [product, reservation],
  api,
  reactions,
  refusals: statuses,
};
