import { deepEqual, equal, match } from 'node:assert/strict';
import { importPointsOutwards, importsOf } from './import-points-outwards.ts';

const faultsOf = (path: string, imported: string): string[] =>
  importPointsOutwards({ path, text: `import { a } from '${imported}';\n` }).map(({ message }) => message);

describe('importsOf', () => {
  it('finds every form of import', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type {\n  B,\n  C,\n} from './b.ts';",
      "import './c.ts';",
      "export { d } from './d.ts';",
      "const e = await import('./e.ts');",
      'const text = "said from afar";',
    ].join('\n');
    deepEqual(importsOf(text), ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts']);
  });
});

describe('importPointsOutwards', () => {
  const allowed: [string, string][] = [
    ['contexts/ordering/api.ts', '../../kit/rest/route.ts'],
    ['contexts/ordering/api.ts', './order.ts'],
    ['contexts/ordering/acl/catalog.ts', '../order.ts'],
    ['contexts/ordering/acl/catalog.ts', '../../catalog/contract.ts'],
    ['contexts/cloud/reactions.ts', '../../operator/events/language.ts'],
    ['contexts/subscriptions/account/reactions.ts', '../../../operator/events/language.ts'],
    ['kit/inbox/inbox.ts', '../event/event.ts'],
    ['kit/inbox/inbox.int.spec.ts', '../../local/servers/for-tests.ts'],
    ['kit/rest/testing/app.ts', '../../../local/servers/for-tests.ts'],
    ['kit/rest/app.spec.ts', './testing/app.ts'],
    ['kit/inbox/conformance.ts', '../testing/tally.ts'],
    ['relay/relay.ts', '../kit/queue/queue.ts'],
    ['local/start.ts', '../contexts/ordering/context.ts'],
    ['cli/main.ts', '../operator/api/tenant.ts'],
    ['operator/cell/desired.ts', '../engine/controller.ts'],
    ['operator/cell/desired.ts', '../../kit/context-map/context-map.ts'],
    ['operator/engine/reconcile.ts', './finalize.ts'],
    ['operator/engine/reflector.int.spec.ts', '../../local/servers/control-plane-for-tests.ts'],
    ['bench/drain.ts', './load.ts'],
    ['e2e/faults/run.ts', '../../local/servers/start-servers.ts'],
    ['kit/event/event.ts', 'zod'],
  ];
  for (const [path, imported] of allowed) {
    it(`lets ${path} import ${imported}`, () => deepEqual(faultsOf(path, imported), []));
  }

  const forbidden: [string, string][] = [
    ['contexts/ordering/api.ts', '../catalog/product.ts'],
    ['contexts/ordering/api.ts', '../../relay/relay.ts'],
    ['contexts/ordering/order.ts', '../../local/servers/for-tests.ts'],
    ['contexts/cloud/reactions.ts', '../../operator/events/facts.ts'],
    ['relay/relay.ts', '../operator/events/language.ts'],
    ['kit/inbox/inbox.ts', '../../relay/relay.ts'],
    ['kit/inbox/inbox.ts', '../../local/servers/for-tests.ts'],
    ['kit/rest/app.ts', './testing/app.ts'],
    ['relay/relay.ts', '../contexts/ordering/contract.ts'],
    ['operator/engine/reconcile.ts', '../api/cell.ts'],
    ['operator/engine/reconcile.ts', '../../kit/telemetry/logger.ts'],
    ['local/start.ts', '../bench/load.ts'],
    ['bench/drain.ts', '../e2e/faults/checker.ts'],
    ['kit/event/event.ts', './other.spec.ts'],
  ];
  for (const [path, imported] of forbidden) {
    it(`refuses that ${path} imports ${imported}`, () => {
      const [message, ...others] = faultsOf(path, imported);
      equal(others.length, 0);
      match(message ?? '', /^imports .+: .+; .+/);
    });
  }
});
