// A proxy that does nothing but pass on: undici as its documentation shows it, in front of the same context.
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Agent, type Dispatcher } from 'undici';
import type { ContextMap } from '../../kit/context-map/context-map.ts';
import { ECHO } from './names.ts';
import { serveStandIn } from './stand-in.ts';

const map = JSON.parse(await readFile(process.env['CADASTRE_MAP'] ?? '', 'utf8')) as ContextMap;
const origin = map.contexts.find(({ name }) => name === ECHO)?.url ?? '';
const agent = new Agent();

const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { url: path = '/', method = 'GET', headers } = request;
  const { host: _, connection: __, ...others } = headers;
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  const answer = await agent.request({
    origin,
    path,
    method: method as Dispatcher.HttpMethod,
    headers: others,
    body: hasBody ? request : null,
  });
  response.writeHead(answer.statusCode, answer.headers);
  await pipeline(answer.body, response);
};

await serveStandIn(() => (request, response) => {
  pass(request, response).catch((error: Error) => response.destroy(error));
});
