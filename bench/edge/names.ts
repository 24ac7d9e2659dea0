/** Stands in for a context behind the front door; a bare koa app. */
export const ECHO = 'echo';
/** Passes on to it and does nothing else. */
export const PROXY = 'proxy';
/** The front door's app, which asks nobody who they are. */
export const OPEN = 'open';
/** The front door's app, whose whoami is metered. */
export const METERED = 'metered';

/** Accounts: of the one whose owner signs in, of the one that the load belongs to, and of the one that is overdrawn. */
export const OWNED = 'acme';
export const LOADED = 'edge';
export const OVERDRAWN = 'globex';

/** Plans: one has no limit and costs nothing, the other has prices, and no overdraft at all. */
export const UNLIMITED = 'unlimited';
export const PRICED = 'priced';

export const CLOUD_DATABASE = 'platform-cloud';
export const SUBSCRIPTIONS_DATABASE = 'platform-subscriptions';
