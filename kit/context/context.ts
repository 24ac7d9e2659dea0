import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { AnyAggregate } from '../aggregate/aggregate.ts';
import type { CommandHandler } from '../aggregate/command-handler.ts';
import type { StartMode } from '../event/cloud-event.ts';
import type { PublishedLanguage } from '../event/published-language.ts';
import type { Projection } from '../event-store/projection.ts';
import type { Identity } from '../identity/identity.ts';
import type { Reaction } from '../inbox/reaction.ts';
import type { Route } from '../rest/route.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { Config } from '../service/config.ts';

/** How a context stands to one upstream (DDD's context map). */
export type Relation =
  | 'CustomerSupplier'
  | 'Conformist'
  | 'AnticorruptionLayer'
  | 'Partnership'
  | 'OpenHostService';

export type Upstream = {
  readonly context: string;
  readonly relation: Relation;
  /** Whether it is read by events alone, as when absent, or its API is called as well. */
  readonly via?: 'events' | 'rest';
  /** Where this context starts on the subjects that exist when it joins. */
  readonly start: StartMode;
  /** How old, as an ISO 8601 duration, what it knows of the upstream may be: `PT5S`. */
  readonly staleness: string;
};

/** A bounded context: the table of contents that its `context.ts` is. */
export type BoundedContext = {
  readonly name: string;
  readonly version: string;
  /** Once for the landscape, or, when absent, once per cell. */
  readonly scope?: 'Platform';
  /** It lets people in from outside and signs for who they are: one for the landscape, of scope `Platform`. */
  readonly frontDoor?: true;
  readonly publishes: PublishedLanguage;
  readonly upstreams: readonly Upstream[];
  readonly aggregates: readonly AnyAggregate[];
  readonly api: readonly Route[];
  readonly reactions: readonly Reaction[];
  /** Code of a DomainError → HTTP status, as in the context's `errors.ts`. */
  readonly refusals?: Readonly<Record<string, number>>;
  /** Routes for the platform's own people: they are served on the admin port, which no Service exposes. */
  readonly staff?: readonly Route[];
  /** Who asks, where the front door has not said it: by a session of the context's own. */
  readonly authenticate?: Authenticate;
  /** Answers requests that are for a web page of its own, before the API does. @returns whether it was one */
  readonly pages?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** What it does by the clock. */
  readonly schedules?: readonly Schedule[];
  /** Read models that follow its event-sourced aggregates. */
  readonly projections?: readonly Projection[];
  /** Its HTTP API, where it is another than the kit makes of `api`: that of the front door. */
  readonly serve?: Serve;
};

/**
 * Reads the session's token from the cookie `SESSION_COOKIE`.
 *
 * @returns undefined when the request names no session. @throws RequestRefused when it names one that does not hold.
 */
export type Authenticate = (request: IncomingMessage, db: Db) => Promise<Identity | undefined>;

export type ServeDeps = {
  readonly client: MongoClient;
  readonly db: Db;
  readonly config: Config;
  readonly commands: CommandHandler;
  readonly logger: Logger;
  readonly metrics: Registry;
};

export type Served = {
  readonly handler: RequestListener;
  /** Called after the last request was answered. */
  stop(): Promise<void>;
};

/** Resolves when it can answer. */
export type Serve = (deps: ServeDeps) => Promise<Served>;
