import { type Answer, openConnection, requestOf } from './connection.ts';
import type { Stage } from './stage.ts';

export type MadeKey = {
  readonly keyId: string;
  readonly secret: string;
  /** When its answer had been read, by `performance.now()`. */
  readonly answeredAt: number;
};

/** Who is signed in to subscriptions and makes keys, over a kept connection. */
export type Owner = {
  createKey(): Promise<MadeKey>;
  /** @returns when it was answered. */
  deleteKey(keyId: string): Promise<number>;
  /** Requests of the account that were counted this month. */
  consumption(): Promise<number>;
  close(): void;
};

export const signIn = async ({ owned, landscape }: Stage): Promise<Owner> => {
  const { account, email, password } = owned;
  const who = { account, email, password };
  const { url = '' } = landscape.endpoints.get('subscriptions') ?? {};
  const connection = await openConnection(url);
  const signedIn = await connection.ask(requestOf({ method: 'POST', path: '/v1/sessions', body: who }));
  const [, cookie = ''] = /\r\nset-cookie: ([^;]+)/i.exec(expect(201, signedIn).head) ?? [];
  const headers = { cookie, 'x-requested-with': 'bench' };
  const make = requestOf({
    method: 'POST',
    path: '/v1/keys',
    headers,
    body: { name: 'bench', scopes: ['*'] },
  });
  const show = requestOf({ path: '/v1/consumption', headers });
  return {
    createKey: async () => {
      const answer = expect(201, await connection.ask(make));
      const answeredAt = performance.now();
      const { key, secret } = JSON.parse(answer.body.toString());
      return { keyId: key.keyId, secret, answeredAt };
    },
    deleteKey: async (keyId) => {
      expect(204, await connection.ask(requestOf({ method: 'DELETE', path: `/v1/keys/${keyId}`, headers })));
      return performance.now();
    },
    consumption: async () => {
      const answer = expect(200, await connection.ask(show));
      return JSON.parse(answer.body.toString()).totals.requests ?? 0;
    },
    close: connection.close,
  };
};

/** @throws Error when it was answered otherwise. */
export const expect = (status: number, answer: Answer): Answer => {
  if (answer.status === status) return answer;
  throw new Error(`answered ${answer.status} instead of ${status}: ${answer.body.toString().slice(0, 300)}`);
};
