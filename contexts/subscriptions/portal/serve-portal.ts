import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const guards = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

const builtHere = fileURLToPath(new URL('./dist', import.meta.url));

/** Of the files that a build makes, so that no path of a request leads out of its folder. */
const isFileName = /^\/portal\/((?:assets\/)?[\w-]+(?:\.[\w-]+)+)$/;

type Found = { readonly body: Buffer; readonly name: string };

const find = async (folder: string, path: string): Promise<Found | undefined> => {
  const name = isFileName.exec(path)?.[1] ?? (path.startsWith('/portal/assets/') ? undefined : 'index.html');
  if (name === undefined) return undefined;
  const body = await readFile(join(folder, name)).catch(() => undefined);
  return body && { body, name };
};

/** Names in assets/ hold a hash of their content, so they may be kept for ever. The page itself is kept nowhere. */
const cachingOf = (name: string): string =>
  name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-store';

const answer = async (folder: string, path: string, response: ServerResponse): Promise<void> => {
  const found = await find(folder, path);
  if (!found) {
    response.writeHead(404, guards).end();
    return;
  }
  response.writeHead(200, {
    ...guards,
    'content-type': types[extname(found.name)] ?? 'application/octet-stream',
    'content-length': found.body.length,
    'cache-control': cachingOf(found.name),
  });
  response.end(response.req.method === 'HEAD' ? undefined : found.body);
};

export type ServePortal = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The portal's files under /portal/, and its page for every address below that is no file's, since the page finds its
 * way by itself. @returns whether the request was the portal's and is answered
 */
export const servePortal = (folder = builtHere): ServePortal => {
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const isOurs = path === '/portal' || path.startsWith('/portal/');
    if (!isOurs || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    if (path === '/portal') response.writeHead(308, { ...guards, location: '/portal/' }).end();
    else void answer(folder, path, response).catch(() => response.destroy());
    return true;
  };
};
