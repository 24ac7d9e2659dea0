import { deepEqual } from 'node:assert/strict';
import { type PathParts, pathParts } from './path-parts.ts';
import { collectionPath, objectPath } from './resource.ts';

const deployments = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};
const namespaces = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

describe('pathParts', () => {
  const cases: [string, PathParts][] = [
    [collectionPath(deployments), { resource: 'deployments.apps' }],
    [collectionPath(deployments, 'a'), { resource: 'deployments.apps', namespace: 'a' }],
    [objectPath(deployments, 'a/b'), { resource: 'deployments.apps', namespace: 'a', name: 'b' }],
    [
      objectPath(deployments, 'a/b', 'status'),
      { resource: 'deployments.apps', namespace: 'a', name: 'b', subresource: 'status' },
    ],
    [collectionPath(namespaces), { resource: 'namespaces' }],
    [objectPath(namespaces, 'a'), { resource: 'namespaces', name: 'a' }],
    [objectPath(namespaces, 'a', 'finalize'), { resource: 'namespaces', name: 'a', subresource: 'finalize' }],
    ['/api/v1/namespaces/a/pods', { resource: 'pods', namespace: 'a' }],
    ['/readyz', { resource: 'readyz' }],
    ['/', { resource: '' }],
  ];
  for (const [path, parts] of cases) {
    it(`reads ${path}`, () => deepEqual(pathParts(path), parts));
  }
});
