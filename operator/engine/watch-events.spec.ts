import { deepEqual, rejects } from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import type { WatchEvent } from './kube-client.ts';
import { watchEvents } from './watch-events.ts';

const aBody = () => {
  const stream = new PassThrough();
  return { stream, body: stream as unknown as IncomingMessage };
};

const anEvent = (name: string) => ({
  type: 'ADDED',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
});

const all = async (body: IncomingMessage): Promise<WatchEvent[]> => {
  const events: WatchEvent[] = [];
  for await (const event of watchEvents(body, 60_000)) events.push(event);
  return events;
};

describe('watchEvents', () => {
  it('reads events however the network cuts them', async () => {
    const { stream, body } = aBody();
    const bytes = Buffer.from(`${JSON.stringify(anEvent('ä'))}\n${JSON.stringify(anEvent('ö'))}\n`);
    for (const byte of bytes) stream.write(Buffer.from([byte]));
    stream.end();
    deepEqual(await all(body), [anEvent('ä'), anEvent('ö')]);
  });

  it('reads several events of one piece', async () => {
    const { stream, body } = aBody();
    stream.end(`${JSON.stringify(anEvent('a'))}\n${JSON.stringify(anEvent('b'))}\n`);
    deepEqual(await all(body), [anEvent('a'), anEvent('b')]);
  });

  it('leaves out an event that was cut off', async () => {
    const { stream, body } = aBody();
    stream.end(`${JSON.stringify(anEvent('a'))}\n{"type":"ADD`);
    deepEqual(await all(body), [anEvent('a')]);
  });

  it('says when nothing comes', async () => {
    const { body } = aBody();
    await rejects(watchEvents(body, 10).next(), { name: 'Silence', message: 'nothing came for 0.01 s' });
  });

  it('quotes nothing of what it cannot read', async () => {
    const { stream, body } = aBody();
    stream.end('hunter2\n');
    await rejects(watchEvents(body, 60_000).next(), { message: 'an event is no JSON' });
  });
});
