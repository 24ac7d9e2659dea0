import type { Db, MongoClient } from 'mongodb';
import type { AggregateDocument } from '../../kit/aggregate/aggregate.ts';
import { mongoCommandHandler } from '../../kit/aggregate/command-handler.ts';
import { ACCOUNT, account, type Standing } from './account.ts';
import { platform } from './language.ts';
import { answerOf, type PlanChange, type PlanChangeAnswer, planChange } from './plan-change.ts';

/**
 * What the subscriptions context has said about a tenant, as the inbox has recorded it.
 *
 * Guarantee: each event took effect here once, in the order of its subject. A request for another plan stays open
 * until it is answered, whoever stops in between.
 */
export interface News {
  /** Undefined until somebody has spoken. */
  standingOf(tenantId: string): Promise<Standing | undefined>;
  /** The last request for a subscription of that tenant; another tenant's request is never found. */
  planChangeOf(tenantId: string, subscriptionId: string): Promise<PlanChange | undefined>;
  /** Calls back with the permanent id of a tenant after something about it was recorded. @returns what ends that. */
  listen(listener: (tenantId: string) => void): () => void;
  /** Closes a request; does nothing when a later one has taken its place. */
  answer(change: AnsweredChange): Promise<void>;
}

export type AnsweredChange = {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly request: string;
  readonly answer: PlanChangeAnswer;
};

/** The inbox's side of it. */
export type NewsBell = { ring(tenantId: string): void };

export const mongoNews = (client: MongoClient, db: Db): News & NewsBell => {
  const listeners = new Set<(tenantId: string) => void>();
  const commands = mongoCommandHandler(client, db, platform);
  const stateOf = async <State>(collection: string, _id: string) =>
    (await db.collection<AggregateDocument<State>>(collection).findOne({ _id }))?.state;
  return {
    standingOf: (tenantId) => stateOf<Standing>(account.collection, `${tenantId}/${ACCOUNT}`),
    planChangeOf: (tenantId, id) => stateOf<PlanChange>(planChange.collection, `${tenantId}/${id}`),
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ring: (tenantId) => {
      for (const listener of listeners) listener(tenantId);
    },
    answer: async ({ tenantId, subscriptionId, request, answer }) => {
      const keys = { change: planChange.key(subscriptionId) };
      const command = {
        keys,
        decide: ({ change }: { change: Parameters<typeof answerOf>[0] }) => ({
          change: answerOf(change, request, answer),
        }),
      };
      await commands.handle(command, { tenant: tenantId, cause: {} });
    },
  };
};
