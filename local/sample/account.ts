import { setTimeout as delay } from 'node:timers/promises';

export type AccountPlace = {
  /** Of the subscriptions context. */
  readonly url: string;
  readonly adminUrl: string;
  /** Of the front door. */
  readonly cloudUrl: string;
  readonly tenant: string;
  readonly signal: AbortSignal;
};

/** What a customer has to know to come in; `key` is a login key as it is sent. */
export type SampleAccount = {
  readonly account: string;
  readonly email: string;
  readonly password: string;
  readonly key: string;
  readonly cloudUrl: string;
  readonly portalUrl: string;
};

/** The same in every run, so that a kept landscape can be signed in to: it listens on this machine alone. */
const PASSWORD = 'ada-orders-teapots';
const KEY_NAME = 'npm start';
/** EUR 100 in minor units. A kept account is topped up once: the same cause is the same payment. */
const TOP_UP = { amount: 10_000, currency: 'EUR', cause: 'npm-start' };
const AGAIN_MS = 50;
const WITHIN_MS = 30_000;

/**
 * Goes a new customer's way: the platform's people invite the first owner and top up; the owner sets a password, signs in
 * and makes a login key. In a kept landscape the owner is there already and chooses the same password again, and the key
 * of the run before is deleted.
 */
export const openSampleAccount = async (place: AccountPlace): Promise<SampleAccount> => {
  const { url, adminUrl, cloudUrl, tenant } = place;
  const signal = AbortSignal.any([place.signal, AbortSignal.timeout(WITHIN_MS)]);
  const email = `ada@${tenant}.example`;
  const staff = `${adminUrl}/v1/accounts/${tenant}`;
  const invited = await send(`${staff}/owner-invitations`, { body: { email, name: 'Ada' }, signal });
  const chosen = { account: tenant, token: tokenIn(invited.body), password: PASSWORD };
  await send(`${url}/v1/invitations/accept`, { body: chosen, signal });
  const sign = { account: tenant, email, password: PASSWORD };
  const { cookie } = await send(`${url}/v1/sessions`, { body: sign, signal });
  const key = await freshKey(url, { cookie, signal });
  await send(`${staff}/top-ups`, { body: TOP_UP, signal });
  await untilLetIn(cloudUrl, { key, signal });
  return { account: tenant, email, password: PASSWORD, key, cloudUrl, portalUrl: `${url}/portal/` };
};

/** The link ends in `#/invitations/accept?account=…&token=…`: what follows `#` is sent to no server. */
const tokenIn = ({ token, invitationLink, link = invitationLink }: Answered['body']): string =>
  typeof token === 'string' ? token : (/[?&]token=([^&]+)/.exec(String(link))?.[1] ?? '');

type Session = { readonly cookie: string; readonly signal: AbortSignal };

const freshKey = async (url: string, session: Session): Promise<string> => {
  const keys = await send(`${url}/v1/keys?limit=200`, { ...session, method: 'GET' });
  const listed = keys.body['items'] as readonly { keyId: string; name: string }[] | undefined;
  for (const { keyId, name } of listed ?? [])
    if (name === KEY_NAME) await send(`${url}/v1/keys/${keyId}`, { ...session, method: 'DELETE' });
  const made = await send(`${url}/v1/keys`, { ...session, body: { name: KEY_NAME, scopes: ['*'] } });
  return String(made.body['secret']);
};

/** The front door hears of the key a moment later. */
const untilLetIn = async (cloudUrl: string, { key, signal }: { key: string; signal: AbortSignal }) => {
  for (;;) {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(`${cloudUrl}/api/whoami`, { headers, signal }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await delay(AGAIN_MS, undefined, { signal });
  }
};

type Sending = {
  readonly method?: string;
  readonly body?: unknown;
  readonly cookie?: string;
  readonly signal: AbortSignal;
};

type Answered = {
  readonly body: Readonly<Record<string, unknown>>;
  readonly cookie: string;
};

/** The account opens when its context has heard of the tenant, and has a currency when it has heard of the plan. */
const NOT_YET = new Set([404, 409, 429, 503]);

/** @throws Error that says what was refused, when it stays so until the signal aborts. */
const send = async (url: string, sending: Sending): Promise<Answered> => {
  for (;;) {
    const answer = await fetch(url, requestOf(sending));
    const text = await answer.text();
    if (answer.ok) {
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      return { body, cookie: cookieOf(answer.headers) };
    }
    const refusal = `cannot open the sample account: ${url} refuses (${answer.status}): ${text}`;
    if (!NOT_YET.has(answer.status)) throw new Error(refusal);
    await delay(AGAIN_MS, undefined, { signal: sending.signal }).catch((cause: unknown) => {
      throw new Error(refusal, { cause });
    });
  }
};

const requestOf = ({ method = 'POST', body, cookie, signal }: Sending): RequestInit => ({
  method,
  headers: {
    'content-type': 'application/json',
    'x-requested-with': 'npm-start',
    ...(cookie !== undefined && { cookie }),
  },
  ...(body !== undefined && { body: JSON.stringify(body) }),
  signal,
});

/** Name and value of each, without what the browser makes of it. */
const cookieOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map((one) => one.split(';')[0] ?? '')
    .join('; ');
