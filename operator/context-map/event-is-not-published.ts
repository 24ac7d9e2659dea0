import type { Check } from '../api/fault.ts';
import { readingsOf } from './readings.ts';
import { type MapInput, titleOf, type Version } from './version.ts';
import { nearMisses, several } from './words.ts';

export const eventIsNotPublished: Check<MapInput> = ({ candidate, beside }) => {
  const missing = readingsOf(candidate, [candidate, ...beside]).filter(
    ({ published }) => published === undefined,
  );
  if (missing.length === 0) return undefined;
  const which = several(
    missing.map(
      ({ producer, type }) => `${titleOf(producer)} does not publish ${type}${hint(producer, type)}`,
    ),
  );
  return {
    reason: 'EventNotPublished',
    message: `${titleOf(candidate)} consumes what nobody publishes: ${which}. Release the upstream that publishes it first, after which this heals by itself, or consume what there is`,
  };
};

const hint = ({ spec }: Version, type: string): string => {
  const near = nearMisses(
    type,
    spec.publishes.map((event) => event.type),
  );
  return near.length === 0 ? '' : ` (it publishes ${near.join(', ')})`;
};
