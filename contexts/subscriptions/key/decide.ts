import { expiryHasPassed, keyExists, keyExpired, keyNotFound } from '../errors.ts';
import type { KeyEvent, LiveKey, LoginKey } from './key.ts';

type Base = { readonly keyId: string; readonly now: string };
export type CreateKey = Base & {
  readonly type: 'CreateKey';
  readonly userId: string;
  readonly name: string;
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: string | undefined;
};
/** The hash before works for so many seconds more; one that was before that no longer does. */
export type RotateKey = Base & {
  readonly type: 'RotateKey';
  readonly hash: string;
  readonly graceSeconds: number;
};
export type DisableKey = Base & { readonly type: 'DisableKey' };
export type EnableKey = Base & { readonly type: 'EnableKey' };
export type DeleteKey = Base & { readonly type: 'DeleteKey' };
export type KeyCommand = CreateKey | RotateKey | DisableKey | EnableKey | DeleteKey;

export const decide = (command: KeyCommand, state: LoginKey): KeyEvent[] => {
  if (command.type === 'CreateKey') return create(command, state);
  const { keyId, now } = command;
  if (command.type === 'DeleteKey' && state.status === 'deleted') return [];
  if (state.status !== 'live') throw keyNotFound(keyId);
  switch (command.type) {
    case 'RotateKey':
      return rotate(command, state);
    case 'DisableKey':
      return state.disabled ? [] : [{ type: 'KeyDisabled', data: { keyId, disabledAt: now } }];
    case 'EnableKey':
      return state.disabled ? [{ type: 'KeyEnabled', data: { keyId, enabledAt: now } }] : [];
    case 'DeleteKey':
      return [{ type: 'KeyDeleted', data: { keyId, deletedAt: now } }];
  }
};

const create = (command: CreateKey, state: LoginKey): KeyEvent[] => {
  if (state.status === 'live') return createAgain(command, state);
  if (state.status === 'deleted') return [];
  const { keyId, userId, name, hash, scopes, expiresAt, now } = command;
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.parse(now)) throw expiryHasPassed(expiresAt);
  const data = { keyId, userId, hash, scopes: [...scopes], disabled: false, createdAt: now };
  return [
    { type: 'KeyCreated', data: { ...data, ...(expiresAt !== undefined && { expiresAt }) } },
    { type: 'KeyNamed', data: { keyId, name } },
  ];
};

/** As long as other commands can be sent again. */
const SENT_AGAIN_WITHIN_MS = 24 * 60 * 60_000;

/** The answer was lost, and its secret with it: nobody has that, so another one takes its place. */
const createAgain = (command: CreateKey, state: LiveKey): KeyEvent[] => {
  const { keyId, hash, now } = command;
  const isFresh = Date.parse(now) - Date.parse(state.createdAt) < SENT_AGAIN_WITHIN_MS;
  if (!isFresh || wishOf(command) !== wishOf(state)) throw keyExists(keyId);
  return [{ type: 'KeyRotated', data: { keyId, hash, rotatedAt: now } }];
};

const wishOf = ({ userId, name, scopes, expiresAt }: CreateKey | LiveKey): string =>
  JSON.stringify([userId, name, scopes, expiresAt]);

const rotate = ({ keyId, hash, graceSeconds, now }: RotateKey, state: LiveKey): KeyEvent[] => {
  const at = Date.parse(now);
  if (state.expiresAt !== undefined && Date.parse(state.expiresAt) <= at) throw keyExpired(keyId);
  const previous = { hash: state.hash, until: new Date(at + graceSeconds * 1_000).toISOString() };
  return [
    { type: 'KeyRotated', data: { keyId, hash, ...(graceSeconds > 0 && { previous }), rotatedAt: now } },
  ];
};
