import { stringify } from 'yaml';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { columns, wrapped } from '../columns.ts';
import { age } from '../duration.ts';
import { standing, type WithStatus } from './until.ts';

export type KubeEvent = KubeObject & {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly eventTime?: string | null;
  readonly lastTimestamp?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
};

type Described = WithStatus & {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
};

const MESSAGE_WIDTH = 80;

/** One object for people: how it stands first, then what is asked, what is, why, and what happened. */
export const describeText = (object: Described, events: readonly KubeEvent[], now: number): string => {
  const { kind, metadata, spec = {}, status = {} } = object;
  const { conditions = [], observedGeneration: _, released, ...others } = status;
  const rest = released === undefined ? others : { ...others, released: inShort(released) };
  const leaving = metadata.deletionTimestamp;
  return [
    `${kind} ${metadata.name}, made ${age(metadata.creationTimestamp, now)} ago`,
    ...(leaving
      ? [`is being deleted since ${age(leaving, now)}, held by ${metadata.finalizers?.join(', ')}`]
      : []),
    ...wrapped(standing(object), 110),
    section('Asked for', yamlText(spec)),
    section('Is', Object.keys(rest).length > 0 ? yamlText(rest) : 'nothing said yet'),
    section('Conditions', conditionsTable(conditions as Conditions, now)),
    section('Events', eventsTable(events, now)),
  ].join('\n');
};

type Conditions = NonNullable<NonNullable<WithStatus['status']>['conditions']>;

const section = (title: string, text: string): string => `\n${title}\n${text.replaceAll(/^(?=.)/gm, '  ')}`;

const yamlText = (value: unknown): string => stringify(abridged(value), { lineWidth: 100 }).trimEnd();

/** A version that is released is a whole spec again, mostly the one above. */
const inShort = (released: unknown): unknown => {
  const { version, image } = released as { version?: string; image?: string };
  return { version, image };
};

/** Schemas are long, and `--json` has them. */
const abridged = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(abridged);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      SCHEMAS.has(key) && typeof one === 'object' ? '(a JSON Schema; --json shows it)' : abridged(one),
    ]),
  );
};

const SCHEMAS = new Set(['schema', 'reads']);

const conditionsTable = (conditions: Conditions, now: number): string => {
  if (conditions.length === 0) return 'none yet: is the operator running?';
  const rows = conditions.flatMap(({ type, status, reason, message, lastTransitionTime }) =>
    withMessage([type, status, reason, age(lastTransitionTime, now)], message),
  );
  return columns([['TYPE', 'STATUS', 'REASON', 'FOR', 'MESSAGE'], ...rows]);
};

const eventsTable = (events: readonly KubeEvent[], now: number): string => {
  if (events.length === 0) return 'none in the last hour, which is how long Kubernetes keeps them';
  const rows = events
    .toSorted((a, b) => Date.parse(lastSeen(a)) - Date.parse(lastSeen(b)))
    .flatMap((event) => {
      const { type = '', reason = '', series, message = '' } = event;
      return withMessage([age(lastSeen(event), now), type, reason, String(series?.count ?? 1)], message);
    });
  return columns([['LAST', 'TYPE', 'REASON', 'TIMES', 'MESSAGE'], ...rows]);
};

const lastSeen = ({ metadata, series, lastTimestamp, eventTime }: KubeEvent): string =>
  series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';

const withMessage = (row: readonly string[], message: string): string[][] => {
  const [first = '', ...more] = wrapped(message, MESSAGE_WIDTH);
  return [[...row, first], ...more.map((line) => [...row.map(() => ''), line])];
};
