// What koa alone can do: answers anything with what /api/whoami answers. Also the context behind door and proxy.
import Koa from 'koa';
import { serveStandIn } from './stand-in.ts';

const app = new Koa();
app.use((ctx) => {
  ctx.type = 'application/json';
  ctx.body = JSON.stringify({ account: 'edge', user: 'user-0', key: 'key-0', scopes: ['*'] });
});
await serveStandIn(() => app.callback());
