import { Command, InvalidArgumentError } from 'commander';
import { type PlaceOptions, withPlaceOptions } from './cluster/options.ts';
import { CommandFailed } from './command-failed.ts';
import { type ContextPort, labelOf, withContextPorts } from './context-ports.ts';
import { type Duration, duration } from './duration.ts';
import { eventLine } from './events/event-line.ts';
import { outboxOf, type PublishedEvent, sinceTimestamp } from './events/outbox-of.ts';
import { progress } from './print.ts';

type Options = PlaceOptions & {
  readonly cell?: string;
  readonly since: Duration;
  readonly limit?: number;
  readonly follow?: boolean;
  readonly json?: boolean;
};

const RETRY_MS = 1_000;
/** An outbox keeps its events so long. */
const KEPT = duration('7d');

export const eventsCommand = (): Command =>
  withPlaceOptions(new Command('events'))
    .description('Prints what a context has published, from its outbox, the oldest first.')
    .argument('<context>', 'its name, such as ordering')
    .option('--cell <name>', 'in this cell of a cluster; needed when the context runs in several')
    .option('--since <duration>', 'go back so far; the outbox keeps 7 days', duration, duration('1h'))
    .option('--limit <count>', 'end after so many', count)
    .option('-f, --follow', 'go on with what is published from now on, until Ctrl-C')
    .option('--json', 'print JSON: one CloudEvent per line')
    .action(async (context: string, options: Options) => {
      const show = (event: PublishedEvent) =>
        console.log(options.json ? JSON.stringify(event) : eventLine(event));
      const shown = await follow(context, options, show);
      if (shown > 0) return;
      const further = options.since.seconds < KEPT.seconds ? `: --since ${KEPT.text} looks further back` : '';
      progress(`${context} has published nothing in the last ${options.since.text}${further}.`);
    });

/** A pod that goes while it is followed is replaced; the outbox stays. */
const follow = async (
  context: string,
  options: Options,
  show: (event: PublishedEvent) => void,
): Promise<number> => {
  const { since, limit = Number.POSITIVE_INFINITY, follow: isFollowing = false } = options;
  const outbox = outboxOf({ after: sinceTimestamp(since.seconds, Date.now()), limit, isFollowing });
  let isFirst = true;
  for (;;) {
    try {
      await withContextPorts({ ...options, context }, (ports) => {
        const port = onlyOne(ports);
        isFirst = false;
        return outbox.read(port, show);
      });
      return outbox.shown();
    } catch (error) {
      if (isFirst || !isFollowing || !(error instanceof CommandFailed)) throw error;
      progress(`${error.message} Going on as soon as it answers.`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
};

const onlyOne = (ports: readonly ContextPort[]): ContextPort => {
  const [port, ...others] = ports;
  if (port && others.length === 0) return port;
  const names = ports.map(labelOf).join(', ');
  throw new CommandFailed(
    `There are several, each with an outbox of its own: ${names}. Say which with --cell.`,
  );
};

const count = (text: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Write a number above zero.');
  return Number(text);
};
