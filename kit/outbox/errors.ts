import { MAX_EVENT_BYTES } from '../event/cloud-event.ts';

/** Terminal: the same event will never fit. Publish less, or a reference to what is large. */
export class EventTooLarge extends Error {
  readonly code = 'event-too-large';
  constructor(type: string, subject: string, bytes: number) {
    super(
      `cannot publish ${type} of ${subject}: ${bytes} bytes of JSON exceed ${MAX_EVENT_BYTES}; publish a reference`,
    );
  }
}
