import type { IncomingHttpHeaders } from 'node:http';
import type { Db } from 'mongodb';
import type { z } from 'zod';
import type { EventsOf, Keys, StatesOf } from '../aggregate/aggregate.ts';
import type { Identity } from '../identity/identity.ts';

/** What a handler gets of a request: parsed by the route's schemas, the tenant from verified identity. */
export type ApiRequest<Params = unknown, Query = unknown, Body = unknown> = {
  readonly tenant: string;
  /** Who asks; on a route for everyone, nobody with any scope. */
  readonly identity: Identity;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** As they came, for what no schema describes: cookies. */
  readonly headers: IncomingHttpHeaders;
  /** The address at the other end of the connection: a proxy's, where one is in front. */
  readonly connection: string | undefined;
  /** When the request came in. */
  readonly now: Date;
};

export type ApiAnswer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What OpenAPI says of a route, beside the schemas of its input. */
type RouteDescription<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With braces, as OpenAPI writes it: `/v1/orders/{id}`. */
  readonly path: string;
  /** One imperative sentence: `Place an order`. */
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Status → schema of a good answer's body. */
  readonly answers: Readonly<Record<number, z.ZodType>>;
  /** The media type of a query's good answers, which then are texts; JSON when absent. */
  readonly produces?: 'text/html';
  /** The stable codes with which it refuses, as in the context's `errors.ts`. */
  readonly refusals?: readonly string[];
  /** Whoever is identified when absent. `everyone`: no identity is asked for, and `tenant` is that of the path or body. */
  readonly access?: 'everyone';
  /** It takes or answers a secret, of which nothing may be kept: an Idempotency-Key is refused. */
  readonly holdsSecret?: true;
};

/** A command: what it reads, what it decides, and how the states after it are answered. All pure. */
export type CommandCall<K extends Keys = Keys> = {
  readonly keys: K;
  readonly decide: (states: StatesOf<K>) => EventsOf<K>;
  /** Throws a DomainError where what was decided, and is committed, is a refusal. */
  readonly answer: (states: StatesOf<K>) => ApiAnswer;
  /** Whose documents the keys name; that of the request's identity when absent, which staff and everyone lack. */
  readonly tenant?: string;
};

/** Writes down a command's call; it lets `decide` and `answer` follow the types of `keys`. */
export const commandCall = <K extends Keys>(call: CommandCall<K>): CommandCall<K> => call;

export type Route = RouteDescription<z.ZodType, z.ZodType, z.ZodType> &
  (
    | { readonly does: 'command'; command(request: ApiRequest, db: Db): CommandCall | Promise<CommandCall> }
    | { readonly does: 'query'; read(request: ApiRequest, db: Db): Promise<ApiAnswer> }
  );

/** A route that changes something, through one command that commits with its events. */
export const commandRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, K extends Keys>(
  route: RouteDescription<P, Q, B> & {
    /** Asynchronous where it has to look or to compute before it can decide. */
    readonly command: (
      request: ApiRequest<z.output<P>, z.output<Q>, z.output<B>>,
      db: Db,
    ) => CommandCall<K> | Promise<CommandCall<K>>;
  },
): Route => ({ ...route, does: 'command' }) as unknown as Route;

/** A route that only reads this context's database. A query that finds nothing throws a DomainError. */
export const queryRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  route: RouteDescription<P, Q, B> & {
    readonly read: (request: ApiRequest<z.output<P>, z.output<Q>, z.output<B>>, db: Db) => Promise<ApiAnswer>;
  },
): Route => ({ ...route, does: 'query' }) as unknown as Route;
