import { deepEqual, equal } from 'node:assert/strict';
import type { Observed } from '../observe.ts';
import type { CellOptions } from '../options.ts';
import { anUpstream, aRelease, aRunningContext, desired, OPTIONS, observing } from '../testing/given.ts';
import { aCell } from '../testing/objects.ts';

const cell = aCell();
const calling = (...contexts: string[]) => contexts.map((context) => anUpstream(context, { via: 'rest' }));
const aCaller = (name: string, ...called: string[]) =>
  aRunningContext(name, { wanted: aRelease(`${name}:1`, { upstreams: calling(...called) }) });

const shown = (
  candidates: Observed['candidates'],
  { options = OPTIONS, ...overrides }: Partial<Observed> & { options?: CellOptions } = {},
) => desired(cell, observing(candidates, overrides), options);
const policy = (name: string, ...args: Parameters<typeof shown>) =>
  shown(...args).child('NetworkPolicy', name)?.spec;
const withNetwork = (network: CellOptions['network'] & object): CellOptions => ({ ...OPTIONS, network });

const pods = (context: string) => ({ 'cadastre.dev/cell': 'acme', 'cadastre.dev/context': context });
const platformPods = (context: string) => ({
  'cadastre.dev/cell': 'platform',
  'cadastre.dev/context': context,
});
const home = { matchLabels: { 'kubernetes.io/metadata.name': 'cadastre' } };
const frontDoor = [
  { namespaceSelector: home, podSelector: { matchLabels: { 'cadastre.dev/front-door': 'true' } } },
  { namespaceSelector: { matchLabels: { 'cadastre.dev/front-door': 'true' } } },
];

describe('the network of a cell', () => {
  it('lets nothing in and nothing out', () =>
    deepEqual(policy('default-deny', []), { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }));

  it('lets metrics be collected by whom the chart names, and by nobody otherwise', () => {
    equal(policy('metrics', []), undefined);
    const metrics = [{ namespaceLabels: { 'kubernetes.io/metadata.name': 'monitoring' } }];
    deepEqual(policy('metrics', [], { options: withNetwork({ metrics }) }).ingress, [
      {
        ports: [{ protocol: 'TCP', port: 9091 }],
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
      },
    ]);
  });

  it('lets every pod resolve names', () => {
    const [{ ports, to }] = policy('allow-dns', []).egress;
    deepEqual(ports, [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ]);
    equal(to[0].namespaceSelector.matchLabels['kubernetes.io/metadata.name'], 'kube-system');
  });

  it('lets every pod reach MongoDB and Redis in the namespaces that their addresses name', () => {
    const ruleOf = (name: string) => policy(name, []).egress;
    deepEqual(ruleOf('allow-mongodb'), [
      { ports: [{ protocol: 'TCP', port: 27_017 }], to: [{ namespaceSelector: home }] },
    ]);
    deepEqual(ruleOf('allow-redis'), [
      { ports: [{ protocol: 'TCP', port: 6_379 }], to: [{ namespaceSelector: home }] },
    ]);
  });
  it('lets them reach addresses of a server outside the cluster, each member on its port', () => {
    const options = { ...OPTIONS, mongodbUri: 'mongodb://u:p@10.0.0.1:27018,10.0.0.2:27019/?replicaSet=rs0' };
    deepEqual(policy('allow-mongodb', [], { options }).egress, [
      {
        ports: [
          { protocol: 'TCP', port: 27_018 },
          { protocol: 'TCP', port: 27_019 },
        ],
        to: [{ ipBlock: { cidr: '10.0.0.1/32' } }, { ipBlock: { cidr: '10.0.0.2/32' } }],
      },
    ]);
  });
  it('knows no address of a server with a name elsewhere: the port alone limits it', () => {
    const options = { ...OPTIONS, mongodbUri: 'mongodb+srv://u:p@cluster0.example.net/' };
    deepEqual(policy('allow-mongodb', [], { options }).egress, [
      { ports: [{ protocol: 'TCP', port: 27_017 }] },
    ]);
  });
  it('lets them reach what the options say instead', () => {
    const options = withNetwork({ redis: [{ cidr: '10.1.0.0/16' }], dns: [{ podLabels: { app: 'dns' } }] });
    deepEqual(policy('allow-redis', [], { options }).egress[0].to, [{ ipBlock: { cidr: '10.1.0.0/16' } }]);
    deepEqual(policy('allow-dns', [], { options }).egress[0].to, [
      { podSelector: { matchLabels: { app: 'dns' } } },
    ]);
  });

  it("lets every pod read the front door's public keys, where there is a front door", () => {
    equal(policy('calls-front-door', []), undefined);
    const landscape = { releases: new Map(), platform: new Set(['cloud']), frontDoor: 'cloud' };
    deepEqual(policy('calls-front-door', [], { landscape }), {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        {
          ports: [{ protocol: 'TCP', port: 8080 }],
          to: [{ namespaceSelector: home, podSelector: { matchLabels: platformPods('cloud') } }],
        },
      ],
    });
  });

  describe("a context's API", () => {
    const catalog = aRunningContext('catalog');
    it('is called by the front door, on the API port alone', () => {
      deepEqual(policy('api-catalog', [catalog]), {
        podSelector: { matchLabels: pods('catalog') },
        policyTypes: ['Ingress'],
        ingress: [{ ports: [{ protocol: 'TCP', port: 8080 }], from: frontDoor }],
      });
    });
    it('is called by nobody where nobody is named', () => {
      const options = withNetwork({ frontDoor: [] });
      equal(policy('api-catalog', [catalog], { options }), undefined);
    });
    it('is called by contexts that say via rest, and by no other', () => {
      const readers = [
        aRunningContext('billing', { wanted: aRelease('billing:1', { upstreams: [anUpstream('catalog')] }) }),
      ];
      const candidates = [catalog, ...readers, aCaller('ordering', 'catalog')];
      const { from } = policy('api-catalog', candidates).ingress[0];
      deepEqual(from, [...frontDoor, { podSelector: { matchLabels: pods('ordering') } }]);
      deepEqual(policy('calls-ordering', candidates), {
        podSelector: { matchLabels: pods('ordering') },
        policyTypes: ['Egress'],
        egress: [
          {
            ports: [{ protocol: 'TCP', port: 8080 }],
            to: [{ podSelector: { matchLabels: pods('catalog') } }],
          },
        ],
      });
      equal(policy('calls-billing', candidates), undefined);
    });
    it('is called by both versions during an update', () => {
      const release = aRelease('ordering:2', { upstreams: [] });
      const good = aRelease('ordering:1', { upstreams: calling('catalog') });
      const updating = aRunningContext('ordering', { running: { release, good, isUpToDate: false } });
      const { from } = policy('api-catalog', [catalog, updating]).ingress[0];
      deepEqual(from.at(-1), { podSelector: { matchLabels: pods('ordering') } });
    });
    it('is called by contexts of the platform, and calls theirs', () => {
      const landscape = {
        releases: new Map([['billing', aRelease('billing:1', { upstreams: calling('catalog') })]]),
        platform: new Set(['billing']),
      };
      const candidates = [catalog, aCaller('ordering', 'billing')];
      const billing = { namespaceSelector: home, podSelector: { matchLabels: platformPods('billing') } };
      deepEqual(policy('api-catalog', candidates, { landscape }).ingress[0].from.at(-1), billing);
      deepEqual(policy('calls-ordering', candidates, { landscape }).egress[0].to, [billing]);
    });
    it('is called from nowhere when the upstream is not here', () =>
      equal(policy('calls-ordering', [aCaller('ordering', 'catalog')]), undefined));
  });
});
