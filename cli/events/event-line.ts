import type { PublishedEvent } from './outbox-of.ts';

/** One line: time, what, whose, about what and which of it, and the id that `cadastre trace` takes. */
export const eventLine = ({ time, type, tenant, subject, sequence, id }: PublishedEvent): string =>
  [time, type, tenant, `${subject} #${Number(sequence)}`, id].join('  ');
