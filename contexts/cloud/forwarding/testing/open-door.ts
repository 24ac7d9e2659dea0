import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import Koa from 'koa';
import { pino } from 'pino';
import { Agent } from 'undici';
import { problemJson } from '../../../../kit/rest/problem-json.ts';
import type { DoorState } from '../../door/state.ts';
import { statuses } from '../../errors.ts';
import type { Count } from '../../metering/groups.ts';
import { caller } from '../../replica/testing/caller.ts';
import { listening } from '../../testing/landscape.ts';
import { forward } from '../forward.ts';

const openServer = async (listener: RequestListener) => {
  const server = createServer(listener);
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: await listening(server), close };
};

/** Forwarding alone, for one caller, to a context that is a listener at `/base`; `counted` is what was metered. */
export const openDoor = async (context: RequestListener) => {
  const upstream = await openServer(context);
  const agent = new Agent({ headersTimeout: 500, bodyTimeout: 500 });
  const counted: Count[] = [];
  const meter = {
    count: async (counts: readonly Count[]) => void counted.push(...counts),
    close: async () => {},
  };
  const app = new Koa<DoorState>();
  app.silent = true;
  app.use((ctx, next) => {
    Object.assign(ctx.state, { caller, requestId: 'r1' });
    return next();
  });
  app.use(problemJson(statuses, pino({ level: 'silent' })));
  const place = () => ({ origin: upstream.url, base: '/base' });
  app.use(forward({ agent, meter, sign: async () => 'signed', place }));
  const door = await openServer(app.callback());
  return {
    url: door.url,
    counted,
    close: async () => {
      await door.close();
      await agent.destroy();
      await upstream.close();
    },
  };
};
