import type { KubeObject } from '../../engine/kube-object.ts';
import { apiVersionOf } from '../../engine/resource.ts';
import { boundedContextKind } from '../bounded-context.ts';
import { cellKind } from '../cell.ts';
import type { Kind } from '../common.ts';
import { planKind } from '../plan.ts';
import { subscriptionKind } from '../subscription.ts';
import { tenantKind } from '../tenant.ts';

export type WrittenObject = KubeObject & { readonly spec: Readonly<Record<string, unknown>> };
export type Written = { readonly kind: Kind; readonly object: WrittenObject };
type Fields = Readonly<Record<string, unknown>>;

const written = (kind: Kind, name: string, spec: Fields): Written => ({
  kind,
  object: { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name }, spec },
});

/** Builders of the least that a user can write of each kind, with what a spec is about. */
export const aContext = (spec: Fields = {}, name = 'ordering'): Written =>
  written(boundedContextKind, name, { version: '1.0.0', image: 'shop/ordering:1.0.0', ...spec });

export const aPlan = (spec: Fields = {}, name = 'kinds-plan'): Written =>
  written(planKind, name, { contexts: ['catalog', 'ordering'], ...spec });

export const aTenant = (spec: Fields = {}, name = 'kinds-tenant'): Written =>
  written(tenantKind, name, { displayName: 'Acme', owner: 'ops@acme.example', ...spec });

export const aSubscription = (spec: Fields = {}, name = 'kinds-subscription'): Written =>
  written(subscriptionKind, name, { tenant: 'acme', plan: 'starter', ...spec });

export const aCell = (spec: Fields = {}, name = 'kinds-cell'): Written =>
  written(cellKind, name, { isolation: 'Pooled', namespace: 'cadastre-kinds-cell', ...spec });

export const anUpstream = (fields: Fields = {}): Fields => ({
  context: 'catalog',
  relation: 'AnticorruptionLayer',
  ...fields,
});

export const anEvent = (type: string): Fields => ({
  type,
  subjectKind: 'order',
  schema: { type: 'object', properties: { orderId: { type: 'string', pattern: '^(?!x)\\P{C}*$' } } },
});
