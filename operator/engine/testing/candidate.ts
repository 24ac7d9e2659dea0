// A process that stands for leader: `node candidate.ts <kubeconfig file> <namespace/name> <timing as JSON>`. While it leads
// it writes lines of JSON: epoch, and a moment of the machine's clock at which it was sure to lead.
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { httpsClient } from '../https-client.ts';
import { runAsLeader } from '../lease.ts';

const [kubeconfigFile = '', key = '', timing = ''] = process.argv.slice(2);
const kubeConfig = new KubeConfig();
kubeConfig.loadFromFile(kubeconfigFile);

await runAsLeader({
  client: httpsClient({ kubeConfig }),
  key,
  timing: JSON.parse(timing),
  signal: new AbortController().signal,
  lead: async (epoch, signal, { isLeading }) => {
    while (!signal.aborted) {
      // CLOCK_MONOTONIC is one for all processes. Read before the question, so that the answer holds for it.
      const at = Number(process.hrtime.bigint() / 1_000n);
      if (isLeading()) process.stdout.write(`${JSON.stringify({ epoch, at })}\n`);
      await sleep(2);
    }
  },
});
