import { isReady, kubectl, kubectlApply } from './kubectl.ts';

/** Tenants of one plan, each with a subscription of the same name. */
export const applyTenants = async (names: readonly string[], plan: string): Promise<void> => {
  const yaml = names.map(
    (name) => `
apiVersion: cadastre.dev/v1alpha1
kind: Tenant
metadata: { name: ${name} }
spec: { displayName: ${name}, owner: ops@${name}.example }
---
apiVersion: cadastre.dev/v1alpha1
kind: Subscription
metadata: { name: ${name} }
spec: { tenant: ${name}, plan: ${plan} }
`,
  );
  await kubectlApply(yaml.join('---'));
  for (const name of names) {
    await isReady(`subscription/${name}`);
    await isReady(`tenant/${name}`);
  }
};

export const deleteTenants = async (names: readonly string[]): Promise<void> => {
  await kubectl('delete', 'subscription', ...names);
  await kubectl('delete', 'tenant', ...names, '--timeout=180s');
};
