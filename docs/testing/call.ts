import type { Signer } from '../../kit/identity/signer.ts';

/** What an API answered. */
export type Called = { readonly status: number; readonly body: Record<string, unknown> };

export type Calling = { readonly body?: unknown; readonly headers?: Record<string, string> };

/** `call('ordering', 'POST /v1/orders', { body })` */
export type Call = (context: string, request: string, calling?: Calling) => Promise<Called>;

type Endpoints = ReadonlyMap<string, { readonly url: string }>;

/** Calls contexts for the tenant of the guides. */
export const callOf = (endpoints: Endpoints, signer: Pick<Signer, 'sign'>): Call => {
  return async (context, request, { body, headers } = {}) => {
    const [method = '', path = ''] = request.split(' ');
    const token = await signer.sign({ tenant: 'acme', audience: context });
    const identity = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${endpoints.get(context)?.url}${path}`, {
      method,
      headers: { ...identity, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
};
