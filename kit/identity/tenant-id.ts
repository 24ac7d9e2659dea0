const PERMANENT_ID = /^[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?$/;
/** The tenant of the platform's own facts: nobody may speak for it. */
const RESERVED = 'platform';

/** Whether it can be somebody's permanent id: 1 to 39 of a-z, 0-9 and inner dashes, not `platform`. */
export const isTenantId = (text: string): boolean => PERMANENT_ID.test(text) && text !== RESERVED;
