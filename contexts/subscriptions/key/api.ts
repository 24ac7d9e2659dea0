import type { Db } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { hashOf, newLoginKey } from '../../../kit/identity/login-key.ts';
import { pageQuery } from '../../../kit/rest/page.ts';
import { type ApiRequest, commandCall, commandRoute, queryRoute } from '../../../kit/rest/route.ts';
import { actorOf } from '../authorisation.ts';
import { keyNotFound, scopesExceed } from '../errors.ts';
import { keyPageSchema, keySchema, listKeys, toKey } from '../views/keys.ts';
import { decide, type KeyCommand } from './decide.ts';
import { key, type LoginKey } from './key.ts';
import { keyUse } from './key-use.ts';

const scope = z
  .string()
  .regex(/^(\*|[a-z][a-z0-9-]{0,39}:(read|write))$/, 'must be *, <context>:read or <context>:write');
const keyParams = z.object({ id: z.uuid() });
const secretSchema = z.object({ key: keySchema, secret: z.string() });
const MAX_GRACE_SECONDS = 30 * 24 * 60 * 60;
const NO_STORE = { 'cache-control': 'no-store' };

const getKeys = queryRoute({
  method: 'GET',
  path: '/v1/keys',
  summary: 'List login keys, newest first: all for an owner, else those of whoever asks',
  query: pageQuery,
  answers: { 200: keyPageSchema },
  read: async (request, db) => {
    const { role, userId } = await actorOf(request, db);
    const whose = role === 'owner' ? undefined : userId;
    return { status: 200, body: await listKeys(db, request.tenant, { ...request.query, userId: whose }) };
  },
});

const createKey = commandRoute({
  method: 'POST',
  path: '/v1/keys',
  summary: 'Create a login key, whose secret is shown this once',
  holdsSecret: true,
  body: z.strictObject({
    name: z.string().trim().min(1).max(200),
    scopes: z.array(scope).min(1).max(50),
    expiresAt: z.iso.datetime().optional(),
    /** Chosen by who asks, so that the same wish can be sent again when its answer was lost: it gets a new secret. */
    keyId: z.uuid({ version: 'v7' }).optional(),
  }),
  answers: { 201: secretSchema },
  refusals: ['expiry-has-passed', 'scopes-exceed', 'key-exists', 'key-not-found'],
  command: async (request, db) => {
    const { userId } = await actorOf(request, db);
    const { body, now } = request;
    const scopes = [...new Set(body.scopes)];
    refuseMoreThanAsked(request, scopes);
    const keyId = body.keyId ?? uuidv7();
    const secret = newLoginKey();
    const wish = { ...body, scopes, keyId, userId, hash: hashOf(secret), now: now.toISOString() };
    return commandCall({
      keys: { key: body.keyId === undefined ? key.newKey(keyId) : key.key(keyId) },
      decide: (states) => ({ key: decide({ type: 'CreateKey', ...wish }, states.key) }),
      answer: (states) => ({
        status: 201,
        body: { key: toKey(keyId, states.key), secret },
        headers: NO_STORE,
      }),
    });
  },
});

const rotateKey = commandRoute({
  method: 'POST',
  path: '/v1/keys/{id}/rotate',
  summary: 'Give a login key a new secret, shown this once; the one before works for the grace',
  holdsSecret: true,
  params: keyParams,
  body: z.strictObject({ graceSeconds: z.int().min(0).max(MAX_GRACE_SECONDS) }),
  answers: { 200: secretSchema },
  refusals: ['key-not-found', 'key-expired', 'scopes-exceed'],
  command: async (request, db) => {
    const { params, body, now } = request;
    const mayTouch = await reachOf(request, db);
    const secret = newLoginKey();
    const wish = { keyId: params.id, ...body, hash: hashOf(secret), now: now.toISOString() };
    return commandCall({
      keys: { key: key.key(params.id), use: keyUse.key(params.id) },
      decide: (states) => {
        mayTouch(states.key);
        if (states.key.status === 'live') refuseMoreThanAsked(request, states.key.scopes);
        return { key: decide({ type: 'RotateKey', ...wish }, states.key) };
      },
      answer: (states) => ({
        status: 200,
        body: { key: toKey(params.id, states.key, states.use), secret },
        headers: NO_STORE,
      }),
    });
  },
});

type KeyRequest = ApiRequest<{ readonly id: string }>;
type Change = Pick<Parameters<typeof commandRoute>[0], 'method' | 'path' | 'summary'> & {
  readonly type: 'DisableKey' | 'EnableKey' | 'DeleteKey';
};

const changeRoute = ({ type, ...described }: Change) =>
  commandRoute({
    ...described,
    params: keyParams,
    answers: type === 'DeleteKey' ? { 204: z.undefined() } : { 200: keySchema },
    refusals: ['key-not-found'],
    command: async (request: KeyRequest, db) => {
      const { params, now } = request;
      const mayTouch = await reachOf(request, db);
      const command: KeyCommand = { type, keyId: params.id, now: now.toISOString() };
      return commandCall({
        keys: { key: key.key(params.id), use: keyUse.key(params.id) },
        decide: (states) => {
          mayTouch(states.key);
          return { key: decide(command, states.key) };
        },
        answer: (states) =>
          type === 'DeleteKey'
            ? { status: 204, body: undefined }
            : { status: 200, body: toKey(params.id, states.key, states.use) },
      });
    },
  });

/** Owners reach every key of the account, others their own; one out of reach is as if it were not there. */
const reachOf = async (request: KeyRequest, db: Db) => {
  const { role, userId } = await actorOf(request, db);
  return (state: LoginKey): void => {
    const isTheirs = state.status !== 'live' || role === 'owner' || state.userId === userId;
    if (!isTheirs) throw keyNotFound(request.params.id);
  };
};

/** Who asks by a key gets no secret that may do more than that key. */
const refuseMoreThanAsked = ({ identity }: ApiRequest, scopes: readonly string[]): void => {
  if (identity.scopes.includes('*')) return;
  const more = scopes.filter((one) => !identity.scopes.includes(one));
  if (more.length > 0) throw scopesExceed(more);
};

export const keyApi = [
  getKeys,
  createKey,
  rotateKey,
  changeRoute({
    type: 'DisableKey',
    method: 'POST',
    path: '/v1/keys/{id}/disable',
    summary: 'Disable a login key',
  }),
  changeRoute({
    type: 'EnableKey',
    method: 'POST',
    path: '/v1/keys/{id}/enable',
    summary: 'Enable a login key again',
  }),
  changeRoute({
    type: 'DeleteKey',
    method: 'DELETE',
    path: '/v1/keys/{id}',
    summary: 'Delete a login key for good',
  }),
];
