import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { boundedContext } from '../../local/generate/bounded-context.ts';
import { forwarded } from './forward.ts';
import { conditionOf, isReady, kubectl, kubectlApply, NAMESPACE, tenantOf } from './kubectl.ts';
import { until } from './steps.ts';
import { subscriptions } from './subscriptions/context.ts';

/** What a context of the platform says of an account is seen on the tenant's subscription. */
export const showsHowTheAccountStands = async (): Promise<void> => {
  await kubectlApply(stringify(boundedContext(subscriptions)));
  await isReady('boundedcontext/subscriptions');
  const { id } = await tenantOf('acme');
  await forwarded({ api: { namespace: NAMESPACE, service: 'subscriptions', port: 80 } }, async ({ api }) => {
    const ask = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json', 'x-tenant': id };
      const response = await fetch(`${api.url}/v1/account/${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      assert.equal(response.status, 200, await response.text());
    };
    const stands = (status: string, words: RegExp) =>
      until(`the condition Standing says ${status}`, async () => {
        const standing = await conditionOf('subscription', 'acme-starter', 'Standing');
        return standing?.status === status && words.test(standing.message);
      });
    await ask('lock', { reasons: ['overdraft'] });
    await stands('False', /overdraft/);
    assert.equal((await conditionOf('subscription', 'acme-starter', 'Ready'))?.status, 'True');
    await ask('unlock', {});
    await stands('True', /./);
  });
  await kubectl('delete', 'boundedcontext', 'subscriptions', '--timeout=60s');
};
