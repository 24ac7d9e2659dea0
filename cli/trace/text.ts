import type { Hop } from './hops.ts';

/** One line per hop, its time relative to the first. */
export const traceText = (id: string, hops: readonly Hop[]): string => {
  const [first] = hops;
  if (first === undefined) return `Nothing is known of ${id}.`;
  const start = Date.parse(first.at);
  const widest = Math.max(...hops.map(({ context }) => context.length));
  const longest = Math.max(...hops.map(({ event }) => event.type?.length ?? 0));
  const lines = hops.map(({ at, context, did, event, reason, transitMs }) => {
    const time = `+${Date.parse(at) - start} ms`.padStart(10);
    const what =
      event.type === undefined ? `event ${event.id}` : `${event.type.padEnd(longest)}  ${event.subject}`;
    const transit = transitMs === undefined ? '' : `  ${transitMs} ms on its way`;
    return `${time}  ${context.padEnd(widest)}  ${did.padEnd(9)}  ${what}${transit}${reason ? `\n${' '.repeat(12)}${reason}` : ''}`;
  });
  return `${id}, from ${first.at}:\n\n${lines.join('\n')}`;
};
