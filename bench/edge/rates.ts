import type { Figure } from '../figure.ts';
import type { Bench } from '../ground.ts';
import { urlOf } from '../shop.ts';
import { whoami } from './doors.ts';
import { type Hammered, hammered } from './hammer.ts';
import { ECHO, METERED, PROXY } from './names.ts';
import { openStage, type Stage } from './stage.ts';

const CONNECTIONS = 256;
const ROUNDS = 3;
const SECONDS = 5;
const WARM_UP_SECONDS = 2;

type Way = { readonly url: string; readonly path: string };

/** Each way is measured in each round, so that whatever else the machine does meets all of them alike. */
const waysOf = (stage: Stage) => ({
  bare: { url: urlOf(stage, ECHO), path: '/api/whoami' },
  auth: { url: urlOf(stage, 'cloud'), path: '/api/whoami' },
  metered: { url: urlOf(stage, METERED), path: '/api/whoami' },
  forwarded: { url: urlOf(stage, 'cloud'), path: `/api/${ECHO}/whoami` },
  proxy: { url: urlOf(stage, PROXY), path: '/whoami' },
});

type Name = keyof ReturnType<typeof waysOf>;

/** Requests per second over 256 connections, at the front door and at what does less. */
export const rates: Bench = {
  names: ['edge.auth.ratio', 'edge.metered.ratio', 'edge.forwarded.ratio', 'edge.forwarded.proxy.ratio'],
  run: async (ground) => {
    const stage = await openStage(ground);
    const ways = Object.entries(waysOf(stage)) as [Name, Way][];
    for (const [, way] of ways) await ask(stage, way, WARM_UP_SECONDS);
    const rounds: Map<Name, Hammered>[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const results = new Map<Name, Hammered>();
      for (const [name, way] of ways) results.set(name, await ask(stage, way, SECONDS));
      rounds.push(results);
    }
    return [
      compared('edge.auth.ratio', rounds, { of: 'auth', to: 'bare' }),
      compared('edge.metered.ratio', rounds, { of: 'metered', to: 'bare' }),
      compared('edge.forwarded.ratio', rounds, { of: 'forwarded', to: 'bare' }),
      compared('edge.forwarded.proxy.ratio', rounds, { of: 'forwarded', to: 'proxy' }),
    ];
  },
};

const ask = ({ keys }: Stage, { url, path }: Way, seconds: number): Promise<Hammered> => {
  const requests = keys.map((key) => whoami(key, path).toString());
  return hammered({ url, requests, connections: CONNECTIONS, seconds });
};

const perSecond = ({ answered, seconds }: Hammered): number => answered / seconds;

const compared = (
  name: string,
  rounds: readonly ReadonlyMap<Name, Hammered>[],
  { of, to }: { readonly of: Name; readonly to: Name },
): Figure => {
  const all = (way: Name) => rounds.flatMap((round) => round.get(way) ?? []);
  const mean = (way: Name) => all(way).reduce((sum, one) => sum + perSecond(one), 0) / rounds.length;
  const ratios = all(of).map((one, round) => perSecond(one) / perSecond(all(to)[round] ?? one));
  const client = all(of).reduce((sum, one) => sum + one.cpuSeconds / one.seconds, 0) / rounds.length;
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  const note = `${spread} in ${rounds.length} rounds; the load took ${client.toFixed(2)} of a core`;
  return { name, value: mean(of), unit: 'requests/s', limit: mean(to), note };
};
