import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, Db, MongoClient } from 'mongodb';
import type { Cause } from '../event/cloud-event.ts';
import type { PublishedLanguage } from '../event/published-language.ts';
import { reapAbandonedTransactions } from './abandoned-transactions.ts';
import type { EventsOf, Keys, StatesOf } from './aggregate.ts';
import { ConcurrencyConflict } from './errors.ts';
import { transact } from './transaction.ts';
import { afterCommit, beginWork, record, statesOf, writeWork } from './unit-of-work.ts';

/** What to read and, purely, what to do about it. Throws a DomainError when a rule says no. */
export type Command<K extends Keys = Keys> = {
  readonly keys: K;
  readonly decide: (states: StatesOf<K>) => EventsOf<K>;
};

export type CommandContext<K extends Keys = Keys> = {
  /** From verified identity only. */
  readonly tenant: string;
  readonly cause: Cause;
  /** Who did it, kept with the events of event-sourced aggregates and told to nobody else: `user/…`, `staff`. */
  readonly actor?: string;
  /** More to write in the same transaction, given the states after the command. */
  readonly alsoCommit?: (session: ClientSession, states: StatesOf<K>) => Promise<void>;
};

/**
 * Executes commands on aggregates.
 *
 * Guarantee: state, events and what `alsoCommit` writes commit together or not at all. A command that
 * meets another on the same document is decided again on the new state, up to `ATTEMPTS` times.
 */
export interface CommandHandler {
  /**
   * @returns the states after the command.
   * @throws DomainError as `decide` does; ConcurrencyConflict when others were always faster.
   */
  handle<K extends Keys>(command: Command<K>, context: CommandContext<K>): Promise<StatesOf<K>>;
}

const ATTEMPTS = 12;

export const mongoCommandHandler = (
  client: MongoClient,
  db: Db,
  language: PublishedLanguage,
): CommandHandler => {
  const attempt = async <K extends Keys>(command: Command<K>, context: CommandContext<K>) => {
    const { tenant, cause, actor } = context;
    const work = await beginWork(db, [{ tenant, keys: command.keys }]);
    const events = command.decide(statesOf(work, tenant, command.keys));
    const decided = { tenant, keys: command.keys, events, cause, ...(actor !== undefined && { actor }) };
    record(work, decided, { language, time: new Date().toISOString() });
    const states = statesOf(work, tenant, command.keys);
    if (work.outbox.length === 0 && !context.alsoCommit && isUnchanged(work)) return states;
    await transact(client, async (session) => {
      await writeWork(db, work, session);
      await context.alsoCommit?.(session, states);
    });
    await afterCommit(db, work);
    return states;
  };
  return { handle: (command, context) => decidingAgain(client, () => attempt(command, context)) };
};

/** Repeats what lost a race, with jitter; one that keeps losing may be up against a dead process. */
const decidingAgain = async <T>(client: MongoClient, attempt: () => Promise<T>): Promise<T> => {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConcurrencyConflict) || failures === ATTEMPTS) throw error;
    }
    if (failures > ATTEMPTS / 2) await reapAbandonedTransactions(client);
    await delay(Math.random() * 2 ** failures);
  }
};

const isUnchanged = (work: Awaited<ReturnType<typeof beginWork>>) =>
  work.documents.values().every((one) => one.version === one.storedVersion);
