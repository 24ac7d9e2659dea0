import { equal } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cloud } from '../../../contexts/cloud/context.ts';
import { ordering } from '../../../contexts/ordering/context.ts';
import { subscriptions } from '../../../contexts/subscriptions/context.ts';
import { usageFaults } from '../check-usage.ts';
import { type Ground, type GroundOptions, openGround } from '../ground.ts';
import type { History } from '../history.ts';
import { readEffects } from '../read-effects.ts';

/** One who is signed in at a replica of subscriptions, as their browser is. */
export type Person = {
  readonly userId: string;
  readonly cookie: string;
  /** `ask('POST /v1/keys', { name, scopes })` */
  ask(request: string, body?: unknown): Promise<Said>;
};

export type Said = {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
};

/** The front door twice, subscriptions twice and one context behind, as processes on servers of their own. */
export type Edge = Ground & {
  readonly folder: string;
  /** Of each replica of the front door. */
  readonly doorUrls: readonly string[];
  /** Of each replica of subscriptions. */
  readonly portalUrls: readonly string[];
  /** Asks every replica of the front door who the key is. @returns what they answer. */
  whoami(key: string): Promise<number[]>;
  /** Signs in at a replica. */
  signIn(tenant: string, portalUrl?: string): Promise<Person>;
  /** As the platform's people: `staff('acme/lock', { reason })`. */
  staff(path: string, body: unknown): Promise<Said>;
  /** What is wrong with usage and money now, of what was asked through `doors`. */
  usageFaults(): Promise<string[]>;
  close(): Promise<void>;
};

export const TENANT = 'acme';
const CONTEXTS = [ordering, subscriptions, cloud];

export type EdgeOptions = Partial<GroundOptions> & {
  /** By how many milliseconds the clocks of processes are off: `{ 'cloud-2': 300_000 }`. */
  readonly clocks?: Readonly<Record<string, number>>;
};

export const openEdge = async ({ clocks = {}, ...options }: EdgeOptions = {}): Promise<Edge> => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-'));
  const entries = await entriesOf(folder, clocks);
  const replicas = { cloud: 2, subscriptions: 2 };
  const own = { folder, tenants: [TENANT], contexts: CONTEXTS, relays: 1, replicas, cacheGb: 0.25, entries };
  const ground = await openGround({ ...own, ...options });
  const { accounts, client, doors, landscape } = ground;
  const urlsOf = (context: string) =>
    [...landscape.endpoints.values()].filter(({ name }) => name.startsWith(context)).map(({ url }) => url);
  const [doorUrls, portalUrls] = [urlsOf('cloud'), urlsOf('subscriptions')];
  const adminUrl = landscape.endpoints.get('subscriptions')?.adminUrl;
  return {
    ...ground,
    folder,
    doorUrls,
    portalUrls,
    whoami: (key) => Promise.all(doorUrls.map((url) => statusOf(`${url}/api/whoami`, key))),
    signIn: (tenant, url = portalUrls[0] ?? '') => {
      const { email = '', password = '' } = accounts.get(tenant) ?? {};
      return signIn(url, { account: tenant, email, password });
    },
    staff: (path, body) => say(`POST ${adminUrl}/v1/accounts/${path}`, { body }),
    usageFaults: async () => {
      const shop = { doors, map: landscape.map, tenants: [...accounts.keys()] };
      const promised = { products: [], orders: [], commands: [], requests: doors.requests() };
      const history: History = { promised, effects: await readEffects(client, shop) };
      return usageFaults(history).map(({ kind, about, what }) => `${kind}: ${about}: ${what}`);
    },
    close: async () => {
      await ground.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A file that sets the clock before it runs what the process is. */
const entriesOf = async (folder: string, clocks: Readonly<Record<string, number>>) => {
  const pathOf = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const written = Object.entries(clocks).map(async ([name, ms]) => {
    const kind = name.replace(/-\d+$/, '');
    const main = kind === 'relay' ? '../../../relay/main.ts' : `../../../contexts/${kind}/main.ts`;
    const lines = [
      `import { shiftClock } from ${pathOf('./shift-clock.ts')};`,
      `shiftClock(${ms});`,
      `await import(${pathOf(main)});`,
    ];
    const file = join(folder, `${name}.mjs`);
    await writeFile(file, lines.join('\n'));
    return [name, file] as const;
  });
  return Object.fromEntries(await Promise.all(written));
};

export const statusOf = async (url: string, key: string): Promise<number> => {
  const answer = await fetch(url, { headers: { 'x-api-key': key } }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status ?? 0;
};

/** `say('POST http://…', { body, headers })` */
export const say = async (
  request: string,
  asking: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<Said> => {
  const [method = '', url = ''] = request.split(' ');
  const { body, headers = {} } = asking;
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', 'x-requested-with': 'spec', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    headers: response.headers,
    body: text === '' ? {} : JSON.parse(text),
  };
};

type Credentials = { readonly account: string; readonly email: string; readonly password: string };

export const signIn = async (url: string, credentials: Credentials): Promise<Person> => {
  const signed = await say(`POST ${url}/v1/sessions`, { body: credentials });
  equal(signed.status, 201, signed.text);
  const cookie = (signed.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return {
    userId: String(signed.body['userId']),
    cookie,
    ask: (request, body) => {
      const [method, path] = request.split(' ');
      return say(`${method} ${url}${path}`, { headers: { cookie }, ...(body !== undefined && { body }) });
    },
  };
};

/** Waits until something is as it should be. @throws with what it was last, when it never is. */
export const until = async (isSo: () => Promise<unknown>, ms = 60_000): Promise<void> => {
  const deadline = performance.now() + ms;
  for (;;) {
    const was = await isSo();
    if (was === true) return;
    if (performance.now() > deadline) throw new Error(`not so within ${ms} ms: ${JSON.stringify(was)}`);
    await delay(50);
  }
};

/** None is wrong any more. */
export const untilNone = (look: () => Promise<readonly string[]>, ms?: number): Promise<void> =>
  until(async () => {
    const found = await look();
    return found.length === 0 || found;
  }, ms);
