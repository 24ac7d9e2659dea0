import { catalog } from '../contexts/catalog/context.ts';
import { cloud } from '../contexts/cloud/context.ts';
import { ordering } from '../contexts/ordering/context.ts';
import { shipping } from '../contexts/shipping/context.ts';
import { subscriptions } from '../contexts/subscriptions/context.ts';
import type { BoundedContext } from '../kit/context/context.ts';

/** The sample shop: what runs for a tenant. Alone it lets nobody in, unless its map names whose word counts. */
export const SHOP: readonly BoundedContext[] = [catalog, ordering, shipping];

/** The contexts of this repository: what runs on this machine, and for what resources are generated. */
export const CONTEXTS: readonly BoundedContext[] = [...SHOP, subscriptions, cloud];
