import { type BoundedContext, boundedContextKind } from '../api/bounded-context.ts';
import { type Cell, cellKind, cellSpec } from '../api/cell.ts';
import type { Fault } from '../api/fault.ts';
import { PLATFORM_CELL } from '../cell/names.ts';
import { apiVersionOf } from '../engine/resource.ts';
import type { PlatformOptions } from './options.ts';

/** A context of the platform as a cell of its own, so that all that is said of cells is said of it; nobody applies it. */
export const platformCell = (context: BoundedContext, { operatorNamespace }: PlatformOptions): Cell => ({
  apiVersion: apiVersionOf(cellKind),
  kind: cellKind.kind,
  metadata: {
    name: PLATFORM_CELL,
    ...(context.metadata.uid !== undefined && { uid: context.metadata.uid }),
  },
  spec: cellSpec.parse({ isolation: 'Pooled', namespace: operatorNamespace }),
});

export const isOfPlatform = ({ spec, status }: BoundedContext): boolean =>
  (status?.released ?? spec).scope === 'Platform';

/** Their databases, queues and keys are the operator's own and the relay's. */
const RESERVED: ReadonlySet<string> = new Set(['platform', 'relay']);

export const nameIsReserved = ({ metadata: { name } }: BoundedContext): Fault | undefined =>
  RESERVED.has(name)
    ? {
        reason: 'NameReserved',
        message: `the operator itself speaks as ${[...RESERVED].join(' and ')} of the platform: delete this ${boundedContextKind.kind} and make one of another name`,
      }
    : undefined;
