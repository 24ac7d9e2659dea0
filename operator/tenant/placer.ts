import type { Cell } from '../api/cell.ts';
import type { Plan } from '../api/plan.ts';
import type { Tenant } from '../api/tenant.ts';
import { type Placed, type Placement, place, recordedPlacement } from './place.ts';

/**
 * Decides where tenants live.
 *
 * Guarantee: as long as one process decides, no pooled cell gets more tenants than its capacity, however far the caches
 * lag and however many ask at once; a tenant that asks again before its placement is recorded gets the same answer.
 */
export interface Placer {
  place(tenant: Tenant, plan: Plan): Promise<Placement>;
}

/** Tenants and cells as they are, read from the API server and not from a cache. */
export interface Truth {
  read(): Promise<Landscape>;
  readTenant(name: string): Promise<Tenant | undefined>;
}

type Landscape = { readonly cells: readonly Cell[]; readonly tenants: readonly Tenant[] };

type Wish = { readonly tenant: Tenant; readonly plan: Plan };

type Asked = Wish & { readonly answer: PromiseWithResolvers<Placement> };

export type PlacerOptions = {
  /** Of a pooled cell that is not there yet. */
  readonly capacity: number;
};

/**
 * A cell of its own depends on nobody else. Of the others one worker decides: those that ask while it reads are decided together after the next reading, so that a thousand new
 * tenants cost some dozen readings. Placements are assumed from the decision on until the truth shows them.
 */
export const placer = (truth: Truth, { capacity }: PlacerOptions): Placer => {
  const assumed = new Map<string, Placement>();
  const queue: Asked[] = [];
  let isWorking = false;

  const decide = ({ tenant, plan }: Wish, { cells, tenants }: Landscape): Placement => {
    const uid = uidOf(tenant);
    const self = tenants.find((one) => uidOf(one) === uid);
    const known = recordedPlacement(self ?? tenant) ?? assumed.get(uid);
    if (known !== undefined) return known;
    const others = tenants.filter((one) => uidOf(one) !== uid).map((one) => placed(one, assumed));
    const placement = place({ tenant, plan, cells, capacity, tenants: others });
    assumed.set(uid, placement);
    return placement;
  };
  const answerAll = async (asked: readonly Asked[]): Promise<void> => {
    const landscape = await truth.read();
    forget(assumed, landscape.tenants);
    for (const one of asked) one.answer.resolve(decide(one, landscape));
  };
  const work = async (): Promise<void> => {
    isWorking = true;
    while (queue.length > 0) {
      const asked = queue.splice(0);
      await answerAll(asked).catch((error: unknown) => {
        for (const { answer } of asked) answer.reject(error);
      });
    }
    isWorking = false;
  };
  const placeAlone = async (tenant: Tenant, plan: Plan): Promise<Placement> => {
    const self = await truth.readTenant(tenant.metadata.name);
    const isSelf = self !== undefined && uidOf(self) === uidOf(tenant);
    return decide({ tenant, plan }, { cells: [], tenants: isSelf ? [self] : [] });
  };
  return {
    place: (tenant, plan) => {
      if (plan.spec.isolation === 'Dedicated') return placeAlone(tenant, plan);
      const answer = Promise.withResolvers<Placement>();
      queue.push({ tenant, plan, answer });
      if (!isWorking) void work();
      return answer.promise;
    },
  };
};

/** A placement is remembered until it is recorded, or its tenant is gone. */
const forget = (assumed: Map<string, Placement>, tenants: readonly Tenant[]): void => {
  const open = new Set(tenants.filter(({ status }) => status?.cell === undefined).map(uidOf));
  for (const uid of assumed.keys()) if (!open.has(uid)) assumed.delete(uid);
};

const placed = (tenant: Tenant, assumed: ReadonlyMap<string, Placement>): Placed => ({
  name: tenant.metadata.name,
  cell: tenant.status?.cell ?? assumed.get(uidOf(tenant))?.cell,
});

const uidOf = ({ metadata }: Tenant): string => metadata.uid ?? metadata.name;
