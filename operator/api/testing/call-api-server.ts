import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import type { ControlPlane } from '../../../local/servers/start-control-plane.ts';

export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What the API server said: an object, or a `Status` with a message. */
export type Answer = {
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly metadata?: { readonly name: string; readonly resourceVersion?: string };
    readonly spec?: unknown;
    readonly status?: unknown;
    readonly [field: string]: unknown;
  };
};

export type ApiServer = (call: Call) => Promise<Answer>;

/** Plain HTTP, without the engine's client: a spec of the kinds is about what the API server itself does. */
export const callApiServer = ({ url, kubeconfig }: ControlPlane): ApiServer => {
  const { clusters, users } = parse(kubeconfig);
  const ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64');
  const authorization = `Bearer ${users[0].user.token}`;
  return ({ method, path, body, headers }) =>
    new Promise((resolve, reject) => {
      const sent = request(`${url}${path}`, {
        method,
        ca,
        headers: { authorization, 'content-type': 'application/json', ...headers },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        text(response)
          .then((said) => ({ status: response.statusCode ?? 0, body: bodyOf(said) }))
          .then(resolve, reject);
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
};

/** A path that nobody serves is answered in plain text. */
const bodyOf = (said: string): Answer['body'] =>
  said.startsWith('{') ? JSON.parse(said) : { message: said };
