import { consumerName } from '../../kit/context-map/context-map.ts';
import type { PlatformContexts } from '../bounded-context/platform-contexts.ts';
import { type CellEffect, performOn, retire } from '../cell/effects.ts';
import { PLATFORM_CELL } from '../cell/names.ts';
import {
  autoscalers,
  deployments,
  disruptionBudgets,
  networkPolicies,
  secrets,
  serviceAccounts,
  services,
} from '../cell/resources.ts';
import type { Servers } from '../cell/servers.ts';
import { desiredWith } from './desired.ts';
import { observer, type PlatformObserved } from './observe.ts';
import type { PlatformOptions } from './options.ts';
import { isOfPlatform, nameIsReserved } from './platform-cell.ts';

/** Runs the contexts of scope `Platform` in the operator's namespace. */
export const platformContexts = (
  options: PlatformOptions,
  servers: Servers,
): PlatformContexts<PlatformObserved | undefined, CellEffect> => ({
  children: [
    networkPolicies,
    serviceAccounts,
    secrets,
    deployments,
    services,
    autoscalers,
    disruptionBudgets,
  ],
  observe: observer(options, servers),
  running: (seen) =>
    (seen?.candidates ?? []).flatMap(({ running }) => [running?.release ?? [], running?.good ?? []].flat()),
  desired: desiredWith(options),
  perform: performOn(servers),
  finalizer: {
    name: 'cadastre.dev/platform-context',
    deadlineSeconds: 600,
    isFor: isOfPlatform,
    // The database stays: no tenant's policy covers what belongs to all, and a context made anew finds its data.
    finalize: (context) =>
      isOfPlatform(context) && nameIsReserved(context) === undefined
        ? { effects: retire(consumerName({ cell: PLATFORM_CELL, name: context.metadata.name })) }
        : {},
  },
});
