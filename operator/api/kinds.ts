import { boundedContextKind } from './bounded-context.ts';
import { cellKind } from './cell.ts';
import type { Kind } from './common.ts';
import { planKind } from './plan.ts';
import { subscriptionKind } from './subscription.ts';
import { tenantKind } from './tenant.ts';

/** Every kind of this group, each after those that it names. */
export const KINDS: readonly Kind[] = [boundedContextKind, planKind, tenantKind, subscriptionKind, cellKind];
