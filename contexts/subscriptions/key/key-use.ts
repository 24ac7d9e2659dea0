import { aggregate } from '../../../kit/aggregate/aggregate.ts';
import { reaction } from '../../../kit/inbox/reaction.ts';
import { cloud } from '../../cloud/contract.ts';

/** When a key was last used, as the front door tells. Beside the key, whose history it would fill. */
export type KeyUse = { readonly lastUsedAt?: string };
export type KeyUseEvent = { readonly type: 'KeyUsed'; readonly data: { readonly lastUsedAt: string } };

export const keyUse = aggregate<KeyUse, KeyUseEvent>({
  kind: 'key-use',
  collection: 'key_uses',
  initialState: () => ({}),
  evolve: (_, { data }) => data,
});

/** Windows come in any order, so an earlier use changes nothing. */
export const use = (lastUsedAt: string, state: KeyUse): KeyUseEvent[] => {
  const known = state.lastUsedAt;
  const isNews = known === undefined || Date.parse(lastUsedAt) > Date.parse(known);
  return isNews ? [{ type: 'KeyUsed', data: { lastUsedAt } }] : [];
};

/** A key is named once, with its last use, whatever the window says. */
const lastUses = (keys: readonly { readonly keyId: string; readonly lastUsedAt: string }[]) => {
  const last = new Map<string, string>();
  for (const { keyId, lastUsedAt } of keys) {
    const known = last.get(keyId);
    if (known === undefined || Date.parse(lastUsedAt) > Date.parse(known)) last.set(keyId, lastUsedAt);
  }
  return [...last].map(([keyId, lastUsedAt]) => ({ keyId, lastUsedAt }));
};

export const onUsageRecorded = reaction(cloud.events.UsageRecorded, {
  keys: ({ data }) => ({ uses: lastUses(data.keys).map(({ keyId }) => keyUse.key(keyId)) }),
  on: ({ data }, states) => ({
    uses: lastUses(data.keys).map(({ lastUsedAt }, at) => use(lastUsedAt, states.uses[at] ?? {})),
  }),
});
