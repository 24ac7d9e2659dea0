import type { Db, MongoClient } from 'mongodb';
import {
  type ContextMap,
  consumerName,
  type MappedContext,
  PLATFORM_TENANT,
} from '../kit/context-map/context-map.ts';
import { lookupsIn } from '../kit/context-map/lookups.ts';
import { serves } from '../kit/context-map/routes.ts';
import type { StartMode } from '../kit/event/cloud-event.ts';
import { type JoinRequest, joinRequests } from '../kit/outbox/join-requests.ts';

/** One subject kind of one upstream that a consumer follows for one tenant. */
export type Join = {
  /** `<upstream>/<kind>/<tenant>`; the tenant `*` stands for all. */
  readonly name: string;
  readonly consumer: string;
  readonly database: string;
  readonly kind: string;
  readonly tenant: string;
  readonly start: StartMode;
};

/** Its facts are for everyone and no map lists it; it lives in no cell, so the platform's contexts alone tell them. */
const PLATFORM = { id: PLATFORM_TENANT, cell: '' };

/** All that the map tells a consumer to follow. */
export const joinsOf = (map: ContextMap, context: MappedContext): Join[] => {
  const { tenantsIn, contextsFor } = lookupsIn(map);
  const neighbours = context.scope === 'Platform' ? map.tenants : tenantsIn(context.cell);
  const served = neighbours.filter(({ id }) => id === '*' || serves(map, context, id));
  const tenants = served.some(({ id }) => id === '*') ? served : [...served, PLATFORM];
  return context.upstreams.flatMap((upstream) => {
    const kinds = [...new Set(upstream.consumes.map(({ kind }) => kind))];
    return kinds.flatMap((kind) =>
      tenants.flatMap((tenant) => {
        const source = contextsFor(tenant.cell).find(({ name }) => name === upstream.context);
        if (source === undefined) return [];
        const name = `${upstream.context}/${kind}/${tenant.id}`;
        const { database } = source;
        return [
          { name, consumer: consumerName(context), database, kind, tenant: tenant.id, start: upstream.start },
        ];
      }),
    );
  });
};

/** Asks the upstream for marks; asking again changes nothing. @returns whether all marks are written. */
export const requestMarks = async (client: MongoClient, join: Join): Promise<boolean> => {
  const requests = joinRequests(client.db(join.database));
  const { consumer, kind, start } = join;
  const tenant = join.tenant === '*' ? null : join.tenant;
  const request = { consumer, kind, tenant, start, requestedAt: new Date() };
  const update = { $setOnInsert: request };
  const found = await requests.findOneAndUpdate(requestOf(join), update, {
    upsert: true,
    returnDocument: 'after',
  });
  return found?.doneAt !== undefined;
};

/** A join that is over leaves no request behind, so that joining anew starts anew. */
export const forgetRequest = async (db: Db, join: Join): Promise<void> => {
  await joinRequests(db).deleteOne(requestOf(join));
};

const requestOf = (join: Join): Pick<JoinRequest, '_id'> => ({ _id: `${join.consumer}/${join.name}` });
