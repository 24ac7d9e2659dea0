import type { Db } from 'mongodb';
import { Gauge, type Registry } from 'prom-client';
import { oldestGroupSeconds, waitingGroups } from './metering/waiting-groups.ts';
import type { Notes } from './rate/account-rates.ts';
import type { Replica } from './replica/replica.ts';

export type Watched = {
  readonly db: Db;
  readonly replica: Pick<Replica, 'credentials'>;
  readonly notes: Pick<Notes, 'isAway' | 'replicas'>;
};

/** What is read when somebody asks for the metrics. What counts as it happens is in the wrapper that it is about. */
export const watch = (metrics: Registry, { db, replica, notes }: Watched): void => {
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [metrics],
      async collect() {
        // The database may be away; other metrics are still of use.
        this.set(await Promise.resolve(read()).catch(() => Number.NaN));
      },
    });
  gauge('cloud_credentials', 'Login keys that this replica knows.', () => replica.credentials);
  gauge('cloud_replicas', 'Replicas of the front door, as far as was last heard.', () => notes.replicas);
  gauge('cloud_rate_by_share', '1 while Redis is away and limits go by shares, else 0.', () =>
    Number(notes.isAway),
  );
  gauge('cloud_usage_groups', 'Groups that wait to be rolled, of all replicas.', () => waitingGroups(db));
  gauge('cloud_usage_lag_seconds', 'Age of the oldest group that waits; up to 12 is usual.', () =>
    oldestGroupSeconds(db),
  );
};
