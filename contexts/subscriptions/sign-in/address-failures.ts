import { aggregate } from '../../../kit/aggregate/aggregate.ts';

/** Failures to sign in that came from one address, for whichever accounts and e-mails. Epoch milliseconds. */
export type AddressFailures = { readonly failures: number; readonly until: number };
export type AddressFailed = { readonly type: 'AddressFailed'; readonly data: { readonly at: string } };

/** Of a company behind one address some forget their passwords; who tries e-mails one by one needs thousands. */
const MAX_FAILURES = 50;
const WITHIN_MS = 15 * 60_000;

/** Not forgotten by a success, which an attacker may have for the asking. */
const evolve = ({ failures, until }: AddressFailures, { data }: AddressFailed): AddressFailures => {
  const at = Date.parse(data.at);
  return at < until ? { failures: failures + 1, until } : { failures: 1, until: at + WITHIN_MS };
};

/** Whole seconds until the address may try again; 0 when it may. */
export const secondsShut = ({ failures, until }: AddressFailures, now: string): number =>
  failures < MAX_FAILURES ? 0 : Math.max(0, Math.ceil((until - Date.parse(now)) / 1_000));

/** By address, of the tenant `platform`: an address is no account's. */
export const addressFailures = aggregate<AddressFailures, AddressFailed>({
  kind: 'address-failures',
  collection: 'address-failures',
  initialState: () => ({ failures: 0, until: 0 }),
  evolve,
  indexes: [{ 'state.until': 1 }],
});
