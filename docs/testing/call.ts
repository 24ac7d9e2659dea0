/** What an API answered. */
export type Called = { readonly status: number; readonly body: Record<string, unknown> };

export type Calling = { readonly body?: unknown; readonly headers?: Record<string, string> };

/** `call(url, 'POST /v1/orders', { body })`, as the tenant of the guides. */
export const call = async (
  url: string,
  request: string,
  { body, headers }: Calling = {},
): Promise<Called> => {
  const [method = '', path = ''] = request.split(' ');
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { 'x-tenant': 'acme', 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
