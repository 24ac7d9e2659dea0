import assert from 'node:assert/strict';
import type { CommandHandler } from '../aggregate/command-handler.ts';
import { startApp } from './testing/started-app.ts';

describe('an app that drains', () => {
  it('answers a command in flight, tells its client to go elsewhere, and keeps what it committed', async () => {
    const arrived = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const plain = await startApp();
    const commands: CommandHandler = {
      handle: async (command, context) => {
        arrived.resolve();
        await letGo.promise;
        return plain.deps.commands.handle(command, context);
      },
    };
    const app = await startApp({ commands });

    const inFlight = app.send('/v1/counters/one/raise', { method: 'POST', body: '{"by":4}' });
    await arrived.promise;
    const closing = app.listening.close();
    letGo.resolve();

    const response = await inFlight;
    assert.equal(response.headers.get('connection'), 'close');
    assert.deepEqual(await response.json(), { id: 'one', value: 4 });
    assert.equal(await closing, true);
    assert.equal(await plain.eventsOf('one'), 1);
    await app.stop();
    await plain.stop();
  });
});
