import type { BoundedContext } from '../../operator/api/bounded-context.ts';
import { columns } from '../columns.ts';

const HEAD = ['CONTEXT', 'VERSION', 'UPSTREAM', 'RELATION', 'VIA', 'START', 'WITHIN', 'READS'];

type Upstream = BoundedContext['spec']['upstreams'][number];

/** The map as a table: a row per relation, and one more for each further event. */
export const mapTable = (contexts: readonly BoundedContext[]): string => {
  const rows = contexts.flatMap(({ metadata: { name }, spec }) => {
    const [first = [], ...rest] =
      spec.upstreams.length > 0 ? spec.upstreams.flatMap(rowsOf) : [Array(6).fill('')];
    return [[name, spec.version, ...first], ...rest.map((row) => ['', '', ...row])];
  });
  const unread = unreadEvents(contexts);
  const end = unread.length === 0 ? '' : `\n\nPublished, and read by no context: ${unread.join(', ')}`;
  return columns([HEAD, ...rows]) + end;
};

const rowsOf = ({ context, relation, via, start, staleness, consumes }: Upstream): string[][] => {
  const [first = '', ...rest] = consumes.map(({ type }) => shortened(type, context));
  return [
    [context, relation, via, start, staleness, first],
    ...rest.map((type) => ['', '', '', '', '', type]),
  ];
};

/** An event is named by its context, which stands beside it. */
export const shortened = (type: string, context: string): string =>
  type.startsWith(`${context}.`) ? type.slice(context.length + 1) : type;

const unreadEvents = (contexts: readonly BoundedContext[]): string[] => {
  const read = new Set(
    contexts.flatMap(({ spec }) =>
      spec.upstreams.flatMap(({ consumes }) => consumes.map(({ type }) => type)),
    ),
  );
  const published = contexts.flatMap(({ spec }) => spec.publishes.map(({ type }) => type));
  return published.filter((type) => !read.has(type));
};
