import { deepEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { allDifferences, differences } from './differences.ts';

const pathsOf = (desired: unknown, actual: unknown) => differences(desired, actual).map(({ path }) => path);

/** A pod template, as a Deployment holds it. */
const aDeployment = (podSpec: object) => ({ spec: { template: { spec: podSpec } } });

describe('differences', () => {
  it('finds none in what is as desired', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (any) => {
        deepEqual(differences(any, structuredClone(any)), []);
        deepEqual(allDifferences(any, structuredClone(any)), []);
      }),
    ));

  it('does not mind fields that nobody desired', () =>
    deepEqual(pathsOf({ data: { a: '1' } }, { kind: 'ConfigMap', data: { a: '1', b: '2' } }), []));

  it('names fields that have another value, or none', () =>
    deepEqual(differences({ data: { a: '1', b: '2' }, immutable: false }, { data: { a: '9' } }), [
      { path: 'data.a', actual: '9' },
      { path: 'data.b', actual: undefined },
      { path: 'immutable', actual: undefined },
    ]));

  it('does not mind that the API server leaves out what is empty', () =>
    deepEqual(pathsOf({ labels: {}, finalizers: [], spec: undefined, data: null }, {}), []));

  it('minds elements in a list that is to be empty', () =>
    deepEqual(pathsOf({ egress: [] }, { egress: [{}] }), ['egress']));

  it('does not take a number for a text', () => deepEqual(pathsOf({ a: '1' }, { a: 1 }), ['a']));

  describe('in lists with a key', () => {
    it('finds elements wherever they are, and does not mind those of others', () =>
      deepEqual(
        pathsOf(
          aDeployment({ containers: [{ name: 'web', image: 'a:1', env: [{ name: 'X', value: '1' }] }] }),
          aDeployment({
            containers: [
              { name: 'sidecar', image: 'b:1' },
              { name: 'web', image: 'a:1', env: [{ name: 'OTHER' }, { name: 'X', value: '1' }], tty: false },
            ],
          }),
        ),
        [],
      ));

    it('names the element that differs', () =>
      deepEqual(
        pathsOf(
          aDeployment({ containers: [{ name: 'web', env: [{ name: 'X', value: '1' }, { name: 'Y' }] }] }),
          aDeployment({ containers: [{ name: 'web', env: [{ name: 'X', value: '2' }] }] }),
        ),
        ['spec.template.spec.containers[web].env[X].value', 'spec.template.spec.containers[web].env[Y]'],
      ));

    it('knows a port by number and protocol, which is TCP when nobody says it', () =>
      deepEqual(
        pathsOf(
          {
            spec: {
              ports: [
                { port: 53, protocol: 'UDP' },
                { port: 53, name: 'tcp' },
              ],
            },
          },
          {
            spec: {
              ports: [
                { port: 53, protocol: 'TCP', name: 'tcp', targetPort: 53 },
                { port: 53, protocol: 'UDP' },
              ],
            },
          },
        ),
        [],
      ));

    it('takes no name that every object of JavaScript has for one of them', () =>
      deepEqual(pathsOf([{ valueOf: ['a'] }], [{ valueOf: ['b'] }]), ['[0].valueOf[0]']));

    it('does not mind finalizers of others', () =>
      deepEqual(
        pathsOf({ metadata: { finalizers: ['a/b'] } }, { metadata: { finalizers: ['c/d', 'a/b'] } }),
        [],
      ));
  });

  describe('in lists that are one value', () => {
    it('minds one element more, another order, and another field in an element', () => {
      const subjects = [{ kind: 'ServiceAccount', name: 'a' }];
      const of = (...actual: object[]) => pathsOf({ subjects }, { subjects: actual });
      deepEqual(of(...subjects, { kind: 'User', name: 'mallory' }), ['subjects']);
      deepEqual(of({ kind: 'ServiceAccount', name: 'a', namespace: 'b' }), ['subjects[0].namespace']);
      deepEqual(pathsOf({ args: ['a', 'b'] }, { args: ['b', 'a'] }), ['args[0]', 'args[1]']);
    });

    it('minds what was put into a rule of a network policy', () =>
      deepEqual(
        pathsOf(
          { spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] } },
          {
            spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {}, ipBlock: { cidr: '::/0' } }] }] },
          },
        ),
        ['spec.ingress[0].from[0].ipBlock'],
      ));
  });

  it('takes a selector as one value', () => {
    deepEqual(pathsOf({ podSelector: {} }, { podSelector: { matchLabels: { a: 'b' } } }), ['podSelector']);
    deepEqual(pathsOf({ selector: { a: 'b' } }, { selector: { a: 'b', c: 'd' } }), ['selector.c']);
  });

  describe('with quantities', () => {
    it('compares amounts', () =>
      deepEqual(
        pathsOf(
          { spec: { hard: { 'limits.cpu': '1000m', pods: 10 } } },
          { spec: { hard: { 'limits.cpu': '1', pods: '10' } } },
        ),
        [],
      ));

    it('compares text elsewhere', () =>
      deepEqual(pathsOf({ labels: { version: '1' } }, { labels: { version: '1.0' } }), ['labels.version']));
  });
});

describe('allDifferences', () => {
  it('names what only one of them has', () =>
    deepEqual(
      allDifferences({ a: 1, same: {} }, { b: [2] }).map(({ path }) => path),
      ['b', 'a'],
    ));
});
