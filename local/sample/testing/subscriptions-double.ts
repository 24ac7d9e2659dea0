import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export type Asked = {
  readonly request: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: NodeJS.Dict<string | string[]>;
};
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
};

/**
 * Stands for subscriptions, its admin port and the front door at once: it answers as told and writes down what it was
 * asked. What these really do is for their own specs to say, and for that of `npm start`.
 */
export const subscriptionsDouble = async (answerOf: (asked: Asked) => Answer) => {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const hasBody = method === 'POST';
    const body = hasBody ? ((await json(request)) as Record<string, unknown>) : {};
    const one = { request: `${method} ${url}`, body, headers };
    asked.push(one);
    const { status, body: answer, headers: more } = answerOf(one);
    response.writeHead(status, more);
    response.end(answer === undefined ? undefined : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
