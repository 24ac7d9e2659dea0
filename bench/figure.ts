/** What a bench found out. Figures of one kind have the same name in every run. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit:
    | 'events/s'
    | 'orders/s'
    | 'tenants/s'
    | 'objects/s'
    | 'requests/s'
    | 'appends/s'
    | 'writes'
    | 'ms'
    | 's'
    | 'MB';
  /** What the servers alone can do, measured in the same run and in the same unit. */
  readonly limit?: number;
  /** What a reader must know to judge the value: an achieved rate, a spread. */
  readonly note?: string;
};

export type Verdict = 'met' | 'missed';

type Target = {
  readonly text: string;
  readonly isMet: (figure: Figure) => boolean;
};

export const ratioOf = ({ value, limit }: Figure): number | undefined =>
  limit === undefined ? undefined : value / limit;

const atLeast = (least: number): Target => ({ text: `≥ ${least}`, isMet: ({ value }) => value >= least });
const atMost = (most: number): Target => ({ text: `≤ ${most}`, isMet: ({ value }) => value <= most });
const ofLimit = (least: number): Target => ({
  text: `≥ ${least} of limit`,
  isMet: (figure) => (ratioOf(figure) ?? 0) >= least,
});
const both = (one: Target, other: Target): Target => ({
  text: `${one.text}, ${other.text}`,
  isMet: (figure) => one.isMet(figure) && other.isMet(figure),
});

/** What was promised. A figure without a target is only reported. */
const targets: Readonly<Record<string, Target>> = {
  'drain.rate': both(atLeast(25_000), ofLimit(0.35)),
  'relay.rate': atLeast(40_000),
  'latency.p50': atMost(5),
  'latency.p99': atMost(25),
  'latency.1000.p50': atMost(25),
  'latency.1000.p99': atMost(80),
  'orders.rate': ofLimit(0.25),
  'takeover.seconds': atMost(3),
  'memory.catalog': atMost(130),
  'memory.ordering': atMost(130),
  'memory.shipping': atMost(130),
  'operator.applied.seconds': atMost(180),
  'operator.applied.ratio': ofLimit(0.5),
  'operator.change.p99': atMost(1_000),
  'operator.steady.writes': atMost(0),
  'operator.memory': atMost(512),
  'operator.restart.seconds': atMost(30),
  'operator.takeover.seconds': atMost(20),
  'key.created.p50': atMost(10),
  'key.created.p99': atMost(50),
  'key.created.takeover': atMost(3),
  'key.revoked.p99': atMost(50),
  'lock.p99': atMost(100),
  'consumption.p99': atMost(15),
  'edge.auth.ratio': ofLimit(0.85),
  'edge.metered.ratio': ofLimit(0.5),
  'edge.forwarded.ratio': ofLimit(0.25),
  'edge.forwarded.proxy.ratio': ofLimit(0.7),
  'edge.million.seconds': atMost(20),
  'edge.million.memory': atMost(500),
  'events.append.ratio': ofLimit(0.6),
  'account.decide.ms': atMost(5),
  'invoices.seconds': atMost(60),
};

export const targetOf = ({ name }: Figure): string | undefined => targets[name]?.text;

export const verdictOn = (figure: Figure): Verdict | undefined => {
  const target = targets[figure.name];
  if (target === undefined) return undefined;
  return target.isMet(figure) ? 'met' : 'missed';
};
