import { fileURLToPath } from 'node:url';
import type { BoundedContext } from '../../kit/context/context.ts';
import { consumerName } from '../../kit/context-map/context-map.ts';
import { freePort } from '../servers/free-port.ts';
import { placeOf } from './map-of.ts';

export type Landscaped = {
  readonly contexts: readonly BoundedContext[];
  readonly cell: string;
  readonly relays: number;
  /** How many processes a context has, by its name; one when absent. */
  readonly replicas?: Readonly<Record<string, number>>;
  /** Entry file by the name of a context, or of a process, of those that are not in `contexts/`. */
  readonly entries?: Readonly<Record<string, string>>;
  readonly firstPort?: number;
};

/** A process of the landscape and its place, before it is started. */
export type PlannedProcess = {
  /** `cloud`; of the second replica `cloud-2`. */
  readonly name: string;
  readonly entry: string;
  readonly cell: string;
  /** Names its queue and, of a context, its database. */
  readonly consumer: string;
  readonly database: string;
  readonly port: number;
  readonly adminPort: number;
};

/** In the order of their ports: contexts, relays, then the second and later replicas. */
export const processesOf = async (options: Landscaped): Promise<PlannedProcess[]> => {
  const { contexts, relays, replicas = {} } = options;
  const first = contexts.map((context) => ofContext(context, options));
  const others = contexts.flatMap((context) => {
    const count = replicas[context.name] ?? 1;
    const one = ofContext(context, options);
    return Array.from({ length: count - 1 }, (_, index) => {
      const name = `${one.name}-${index + 2}`;
      return { ...one, name, entry: options.entries?.[name] ?? one.entry };
    });
  });
  const relaying = Array.from({ length: relays }, (_, index) => ofRelay(index + 1, options));
  return withPorts([...first, ...relaying, ...others], options.firstPort);
};

type Portless = Omit<PlannedProcess, 'port' | 'adminPort'>;

const ofContext = (context: BoundedContext, { cell, entries = {} }: Landscaped): Portless => {
  const place = placeOf(context, cell);
  const consumer = consumerName(place);
  const entry = entries[context.name] ?? pathOf(`contexts/${context.name}/main.ts`);
  return { name: context.name, entry, cell: place.cell, consumer, database: consumer };
};

const ofRelay = (number: number, { cell, entries = {} }: Landscaped): Portless => ({
  name: `relay-${number}`,
  entry: entries[`relay-${number}`] ?? pathOf('relay/main.ts'),
  cell,
  consumer: `${cell}-relay-${number}`,
  database: 'cadastre-relay',
});

/** The map says ports before any process has bound its own, so no two may be told the same one. */
const withPorts = async (
  processes: readonly Portless[],
  firstPort: number | undefined,
): Promise<PlannedProcess[]> => {
  const taken = new Set<number>();
  const next = async (preferred: number | undefined): Promise<number> => {
    const isPreferred = preferred !== undefined && !taken.has(preferred) && (await isFree(preferred));
    let port = isPreferred ? preferred : await freePort();
    while (taken.has(port)) port = await freePort();
    taken.add(port);
    return port;
  };
  const planned: PlannedProcess[] = [];
  for (const [index, one] of processes.entries()) {
    const port = await next(firstPort && firstPort + index);
    planned.push({ ...one, port, adminPort: await next(firstPort && firstPort + 100 + index) });
  }
  return planned;
};

const isFree = async (port: number): Promise<boolean> => {
  const { createServer } = await import('node:net');
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
};

const pathOf = (entry: string) => fileURLToPath(new URL(`../../${entry}`, import.meta.url));
