import type { Check } from '../api/fault.ts';
import { platform } from '../events/language.ts';
import type { MapInput } from './version.ts';

/** Events, databases and queues of the name are the operator's own. */
export const nameIsReserved: Check<MapInput> = ({ candidate: { name } }) =>
  name === platform.context
    ? {
        reason: 'NameReserved',
        message: `the operator itself speaks as ${name}: delete this BoundedContext and make one of another name`,
      }
    : undefined;
