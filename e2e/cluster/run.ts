// npm run e2e: the chart, the operator and tenants' orders on the cluster that KUBECONFIG names.

import { takesALateFrontDoor } from './front-door.ts';
import { losesNothingUnderKills } from './kills.ts';
import { isReady, kubectl, NAMESPACE, namespaceOf } from './kubectl.ts';
import { leavesNothingOfADeletedTenant } from './leftovers.ts';
import { orderAndShipment } from './order.ts';
import { runSteps, type Step, until } from './steps.ts';
import { endTour, startTour, upgradeForTheRest } from './tour.ts';
import { refusesWhatBreaksAConsumer, takesBackABadVersion } from './versions.ts';

/** Whatever is killed at once, orders go through again. */
const comesBackWhole = async (): Promise<void> => {
  for (const namespace of [NAMESPACE, namespaceOf('pool-1')])
    await kubectl('delete', 'pod', '--all', '-n', namespace, '--grace-period=0', '--force');
  await isReady('cell/pool-1', 300);
  await until('orders go through again', async () => {
    await orderAndShipment('acme');
    return true;
  });
};

const steps: readonly Step[] = [
  { does: 'follows docs/kubernetes.md', run: startTour },
  { does: 'upgrades the chart in place', run: upgradeForTheRest },
  { does: 'does not release a version that breaks a consumer', run: refusesWhatBreaksAConsumer },
  { does: 'takes a version back that does not become ready', run: takesBackABadVersion },
  {
    does: 'loses nothing and repeats nothing while pods, MongoDB and Redis are killed',
    run: losesNothingUnderKills,
  },
  { does: 'takes the word of a front door that came after the shop', run: takesALateFrontDoor },
  { does: 'comes back after every pod was killed at once', run: comesBackWhole },
  { does: 'leaves nothing of deleted tenants', run: leavesNothingOfADeletedTenant },
  { does: 'follows docs/kubernetes.md to its end', run: endTour },
];

if (process.env.KUBECONFIG === undefined)
  throw new Error('npm run e2e needs a cluster: set KUBECONFIG to the file that leads to one');
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const { passed, failed } = await runSteps(steps);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
