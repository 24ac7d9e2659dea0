import { equal } from 'node:assert/strict';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { mongoCommandHandler } from '../../kit/aggregate/command-handler.ts';
import { createApp } from '../../kit/rest/app.ts';
import { listen } from '../../kit/rest/server.ts';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { subscriptions } from './context.ts';
import { ACME, PASSWORD } from './testing/people.ts';

describe('what is logged of requests with secrets, at the finest level', () => {
  it('has none of them, whether they are answered, refused, malformed or fail', async () => {
    const { mongodbUri } = await testServers();
    const client = await MongoClient.connect(mongodbUri);
    const db = client.db(freshDatabase('secrets'));
    const lines: string[] = [];
    const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const commands = mongoCommandHandler(client, db, subscriptions.publishes);
    const errors = subscriptions.refusals ?? {};
    const deps = {
      context: subscriptions,
      db,
      commands,
      logger,
      errors,

      verify: () => undefined,
    };
    const listening = await listen(createApp(deps), { port: 0, host: '127.0.0.1' });
    const token = 'T'.repeat(43);
    const cookie = `session=${ACME}.${token}`;
    const send = async (path: string, body: unknown) => {
      const response = await fetch(`http://127.0.0.1:${listening.port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-requested-with': 'spec', cookie },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return response.text();
    };
    const credentials = { account: ACME, email: 'ada@example.com', password: PASSWORD };
    const bodies = [
      credentials,
      { ...credentials, more: 1 },
      { ...credentials, password: [PASSWORD] },
      `{"${PASSWORD}`,
    ];
    const answers: string[] = [];
    for (const body of bodies) answers.push(await send('/v1/sessions', body));
    answers.push(await send('/v1/invitations/accept', { account: ACME, token, password: PASSWORD }));
    answers.push(await send('/v1/keys', { name: 'k', scopes: ['*'] }));
    // Where the database is gone, the log says so, with the error and all that hangs on it.
    await db.dropDatabase();
    await client.close();
    answers.push(await send('/v1/sessions', credentials));
    await listening.close();
    const all = [...lines, ...answers].join('\n');
    equal(lines.length >= bodies.length, true);
    for (const secret of [PASSWORD, token]) equal(all.includes(secret), false, all);
  });
});
