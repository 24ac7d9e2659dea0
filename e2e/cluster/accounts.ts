import { openSampleAccount } from '../../local/sample/account.ts';
import { forwarded } from './forward.ts';
import { NAMESPACE } from './kubectl.ts';
import { until } from './steps.ts';

/** The front door, and tenants' login keys by their ids. */
export type Customers = {
  readonly url: string;
  readonly keys: ReadonlyMap<string, { readonly key: string }>;
};

const SERVICE = { namespace: NAMESPACE, port: 80 };
const CLOUD = { ...SERVICE, to: 'service/cloud', probe: '/.well-known/jwks.json' };
const SUBSCRIPTIONS = { ...SERVICE, to: 'service/subscriptions' };
/** Of the platform's own people; no Service exposes it. */
const STAFF = { namespace: NAMESPACE, to: 'deployment/subscriptions', port: 9_090 };

const WITHIN_MS = 60_000;

/** Goes each tenant's way to a login key, as `docs/kubernetes.md` does by hand, for as long as `use` takes. */
export const asCustomers = <T>(
  tenants: readonly string[],
  use: (customers: Customers) => Promise<T>,
): Promise<T> =>
  forwarded({ cloud: CLOUD }, async ({ cloud: { url } }) => {
    const keys = await forwarded({ own: SUBSCRIPTIONS, staff: STAFF }, async ({ own, staff }) => {
      const place = { url: own.url, adminUrl: staff.url, cloudUrl: url };
      const opened = tenants.map(async (tenant) => {
        const open = () => openSampleAccount({ ...place, tenant, signal: AbortSignal.timeout(WITHIN_MS) });
        return [tenant, await until(`the account of ${tenant} is open`, open)] as const;
      });
      return new Map(await Promise.all(opened));
    });
    return use({ url, keys });
  });
