import type { Figure } from '../figure.ts';
import type { Bench } from '../ground.ts';
import { cpuSeconds } from '../operator/cpu-seconds.ts';
import { percentile } from '../percentile.ts';
import { urlOf } from '../shop.ts';
import { whoami } from './doors.ts';
import { hammered } from './hammer.ts';
import { ECHO, METERED, OPEN, PROXY } from './names.ts';
import { openStage, type Stage } from './stage.ts';

const CONNECTIONS = 256;
const ROUNDS = 9;
const SECONDS = 2;
const WARM_UP_SECONDS = 2;

/** By whom, and for what, requests are answered. */
const WAYS = {
  bare: { name: ECHO, path: '/api/whoami' },
  open: { name: OPEN, path: '/api/whoami' },
  auth: { name: 'cloud', path: '/api/whoami' },
  metered: { name: METERED, path: '/api/whoami' },
  forwarded: { name: 'cloud', path: `/api/${ECHO}/whoami` },
  proxy: { name: PROXY, path: '/whoami' },
} as const;

type Way = keyof typeof WAYS;
const EVERY_WAY = Object.keys(WAYS) as Way[];

/** How a way did in one round. */
type Rate = {
  readonly perSecond: number;
  /** Of the process that answers, for one request. */
  readonly cpuMicros: number;
  /** Of a core, which the load took. */
  readonly load: number;
};
/** Each way is measured in each round, so that whatever else the machine does meets all of them alike. */
type Round = Readonly<Record<Way, Rate>>;

/** Requests per second over 256 connections, at the front door and at what does less. */
export const rates: Bench = {
  names: ['edge.auth.ratio', 'edge.metered.ratio', 'edge.forwarded.ratio', 'edge.forwarded.proxy.ratio'],
  run: async (ground) => {
    const stage = await openStage(ground);
    await roundOf(stage, WARM_UP_SECONDS);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await roundOf(stage, SECONDS));
    return [
      compared('edge.auth.ratio', rounds, { of: 'auth', to: 'open' }),
      compared('edge.metered.ratio', rounds, { of: 'metered', to: 'open' }),
      compared('edge.forwarded.ratio', rounds, { of: 'forwarded', to: 'bare' }),
      compared('edge.forwarded.proxy.ratio', rounds, { of: 'forwarded', to: 'proxy' }),
    ];
  },
};

const roundOf = async (stage: Stage, seconds: number): Promise<Round> => {
  const round: Partial<Record<Way, Rate>> = {};
  for (const way of EVERY_WAY) round[way] = await rateOf(stage, way, seconds);
  return round as Round;
};

const rateOf = async (stage: Stage, way: Way, seconds: number): Promise<Rate> => {
  const { name, path } = WAYS[way];
  const pid = stage.landscape.processes.get(name)?.pid() ?? Number.NaN;
  const requests = stage.keys.map((key) => whoami(key, path).toString());
  const before = await cpuSeconds(pid);
  const load = await hammered({ url: urlOf(stage, name), requests, connections: CONNECTIONS, seconds });
  return {
    perSecond: load.answered / load.seconds,
    cpuMicros: (((await cpuSeconds(pid)) - before) / load.answered) * 1e6,
    load: load.cpuSeconds / load.seconds,
  };
};

const compared = (
  name: string,
  rounds: readonly Round[],
  { of, to }: { readonly of: Way; readonly to: Way },
): Figure => {
  const all = (way: Way, part: keyof Rate) => rounds.map((round) => round[way][part]);
  const half = (way: Way, part: keyof Rate) => percentile(all(way, part), 0.5);
  const least = (way: Way) => Math.min(...all(way, 'cpuMicros')).toFixed(0);
  const ratios = rounds.map((round) => round[of].perSecond / round[to].perSecond);
  const toBare = half(of, 'perSecond') / half('bare', 'perSecond');
  const note = [
    `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} in ${rounds.length} rounds`,
    `at best ${least(of)} µs of CPU a request against ${least(to)} µs`,
    `the load took ${half(of, 'load').toFixed(2)} of a core`,
    ...(to === 'bare' ? [] : [`${toBare.toFixed(2)} of bare koa`]),
  ].join('; ');
  return { name, value: half(of, 'perSecond'), unit: 'requests/s', limit: half(to, 'perSecond'), note };
};
