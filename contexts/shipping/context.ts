import type { BoundedContext } from '../../kit/context/context.ts';
import { api } from './api.ts';
import { shipping as language } from './contract.ts';
import { statuses } from './errors.ts';
import { reactions } from './reactions.ts';
import { shipment } from './shipment.ts';

export const shipping: BoundedContext = {
  name: 'shipping',
  version: '0.1.0',
  publishes: language,
  upstreams: [{ context: 'ordering', relation: 'CustomerSupplier', start: 'retained', staleness: 'PT5S' }],
  aggregates: [shipment],
  api,
  reactions,
  refusals: statuses,
};
