// The counting context as a process of its own, under the process contract; with `--door` it serves a door of its own, with
// `--stuck` its schedule never ends.
import type { BoundedContext } from '../../context/context.ts';
import { api, counter, language, statuses } from '../../rest/testing/counter.ts';
import { run } from '../run.ts';

const counting: BoundedContext = {
  name: 'counting',
  version: '1.0.0',
  publishes: language,
  upstreams: [],
  aggregates: [counter],
  api,
  reactions: [],
  refusals: statuses,
  staff: api.filter(({ method }) => method === 'GET'),
  schedules: [
    {
      name: 'note',
      every: 100,
      run: async ({ db }, now) => void (await db.collection('notes').insertOne({ now })),
    },
  ],
};

const withDoor: BoundedContext = {
  ...counting,
  serve: async ({ db }) => ({
    handler: (request, response) => response.end(JSON.stringify({ url: request.url })),
    stop: async () => void (await db.collection('stopped').insertOne({})),
  }),
};

const stuck: BoundedContext = {
  ...counting,
  schedules: [
    {
      name: 'stick',
      every: 600_000,
      run: async ({ db }, now) => {
        await db.collection('notes').insertOne({ now });
        await new Promise(() => undefined);
      },
    },
  ],
};

const contexts: Readonly<Record<string, BoundedContext>> = { '--door': withDoor, '--stuck': stuck };

await run(contexts[process.argv[2] ?? ''] ?? counting);
