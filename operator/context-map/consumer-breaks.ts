import type { Check, Fault } from '../api/fault.ts';
import { compared, misfitsOf, type Reading, readingOf, readingsOf } from './readings.ts';
import { changeText, isUndecided, type Misfit } from './schema/misfit.ts';
import { pathsRead } from './schema/paths-read.ts';
import { type MapInput, titleOf } from './version.ts';
import { decidedText, nextVersionOf, several, undecidedText } from './words.ts';

const consumersOf = ({ candidate, consumers }: MapInput): Reading[] =>
  consumers.flatMap((consumer) => readingsOf(consumer, [candidate]));

/** What was wrong before is not the candidate's doing, and its release would change nothing about it. */
const before = ({ released }: MapInput, reading: Reading): Reading | undefined =>
  released && readingOf(released, reading);

const newMisfits = (input: MapInput, reading: Reading): Misfit[] => {
  const old = before(input, reading);
  const known = new Set((old === undefined ? [] : misfitsOf(old)).map((misfit) => JSON.stringify(misfit)));
  return misfitsOf(reading).filter((misfit) => !known.has(JSON.stringify(misfit)));
};

const breaks = ({ reader, producer, type }: Reading, how: string): Fault => ({
  reason: 'BreaksConsumer',
  message: `${titleOf(reader)} reads ${type}, and ${titleOf(producer)} would break it: ${how}. Publish the change as ${nextVersionOf(type)} beside it, and drop ${type} when ${reader.name} has moved on`,
});

/** An event that somebody reads is no longer published. */
export const readEventIsGone: Check<MapInput> = (input) => {
  const gone = consumersOf(input).find(
    (reading) =>
      reading.published === undefined &&
      (input.released === undefined || before(input, reading)?.published !== undefined),
  );
  if (gone === undefined) return undefined;
  const { reader, producer, type } = gone;
  return {
    reason: 'BreaksConsumer',
    message: `${titleOf(reader)} reads ${type}, which ${titleOf(producer)} does not publish. Publish it until ${reader.name} is released without it`,
  };
};

/** A consumer could not read every event that the candidate publishes. */
export const consumerBreaks: Check<MapInput> = (input) => {
  for (const reading of consumersOf(input)) {
    const found = newMisfits(input, reading).filter((misfit) => !isUndecided(misfit));
    if (found.length > 0) return breaks(reading, decidedText(found));
  }
  return undefined;
};

/** The same beyond what can be proven. */
export const consumerFitIsUndecided: Check<MapInput> = (input) => {
  for (const reading of consumersOf(input)) {
    const found = newMisfits(input, reading);
    if (!found.some(isUndecided)) continue;
    const { reader, producer, type } = reading;
    return {
      reason: 'SchemaUndecided',
      message: `whether ${titleOf(reader)} can read every ${type} of ${titleOf(producer)} cannot be decided: ${undecidedText(found)}. Publish the change as ${nextVersionOf(type)} beside it, or have ${reader.name} leave it out of what it reads first`,
    };
  }
  return undefined;
};

/**
 * A field that somebody reads is narrower than it was. Those that read it now can go on, but events of the released
 * version are kept for days and replayed to whoever joins: within one type, the schema must stay true of all of them.
 */
export const readFieldIsNarrowed: Check<MapInput> = (input) => {
  for (const reading of consumersOf(input)) {
    const old = before(input, reading)?.published;
    const isSaid = old === undefined || newMisfits(input, reading).length > 0;
    if (isSaid || reading.published === undefined) continue;
    const paths = pathsRead(reading.reads);
    const found = compared(old, reading.published).filter(
      ({ kind, path }) => (kind === 'differs' || kind === 'optional') && paths.has(path),
    );
    if (found.length > 0) {
      const how = `${several(found.map(changeText))}, which is not true of events that are kept from before`;
      return breaks(reading, how);
    }
  }
  return undefined;
};
