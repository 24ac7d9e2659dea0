import type { Check } from '../api/fault.ts';
import { bothFollow } from './both-follow.ts';
import {
  consumerBreaks,
  consumerFitIsUndecided,
  readEventIsGone,
  readFieldIsNarrowed,
} from './consumer-breaks.ts';
import { eventIsNotPublished } from './event-is-not-published.ts';
import { frontDoorIsTaken } from './front-door-is-taken.ts';
import { nameIsReserved } from './name-is-reserved.ts';
import { partnershipIsOneSided } from './partnership-is-one-sided.ts';
import { fitIsUndecided, schemaDoesNotFit } from './schema-does-not-fit.ts';
import { upstreamIsMissing } from './upstream-is-missing.ts';
import type { MapInput } from './version.ts';

/** What a version must pass to be released: first its name and place, then what it needs of others, then how they relate, then what others need. */
export const checks: readonly Check<MapInput>[] = [
  nameIsReserved,
  frontDoorIsTaken,
  upstreamIsMissing,
  eventIsNotPublished,
  schemaDoesNotFit,
  fitIsUndecided,
  partnershipIsOneSided,
  bothFollow,
  readEventIsGone,
  consumerBreaks,
  consumerFitIsUndecided,
  readFieldIsNarrowed,
];
