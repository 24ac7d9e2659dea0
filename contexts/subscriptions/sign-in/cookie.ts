import { SESSION_COOKIE as NAME } from '../../../kit/identity/identity.ts';
import { TOKEN } from './token.ts';

const ACCOUNT = /^[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/** What the cookie says: whose session it is, and the secret that proves it. */
export type SessionCookie = { readonly account: string; readonly token: string };

/**
 * For the browser's session alone; no script reads it, no other site sends it. On this machine itself it may go over
 * plain HTTP, which not every browser would otherwise allow.
 */
export const setCookie = ({ account, token }: SessionCookie, host: string | undefined): string =>
  `${NAME}=${account}.${token}; ${attributes(host)}`;

export const clearCookie = (host: string | undefined): string => `${NAME}=; Max-Age=0; ${attributes(host)}`;

const attributes = (host = ''): string =>
  `Path=/; HttpOnly; SameSite=Strict${LOOPBACK.test(host) ? '' : '; Secure'}`;

/** @returns undefined when there is no such cookie; 'malformed' when it is none of ours. */
export const readCookie = (header: string | undefined): SessionCookie | 'malformed' | undefined => {
  const found = header?.split(/; */).find((one) => one.startsWith(`${NAME}=`));
  if (found === undefined) return undefined;
  const value = found.slice(NAME.length + 1);
  const dot = value.indexOf('.');
  const [account, token] = [value.slice(0, dot), value.slice(dot + 1)];
  return dot > 0 && ACCOUNT.test(account) && account !== 'platform' && TOKEN.test(token)
    ? { account, token }
    : 'malformed';
};
