import { deepEqual, equal, throws } from 'node:assert/strict';
import type { KubeObject } from './kube-object.ts';
import { objectStore } from './object-store.ts';

type Labelled = Partial<KubeObject['metadata']>;

const anObject = (metadata: Labelled = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'a', name: 'b', uid: 'u1', resourceVersion: '1', ...metadata },
});

const aStore = () => {
  const changes: [string, string | undefined, string | undefined][] = [];
  const versionOf = (object: KubeObject | undefined) =>
    object && `${object.metadata.uid}@${object.metadata.resourceVersion}`;
  const team = ({ metadata }: KubeObject): string[] => Object.values(metadata.labels ?? {});
  const store = objectStore<KubeObject>({ team }, (key, before, after) => {
    changes.push([key, versionOf(before), versionOf(after)]);
  });
  return { store, changes };
};

describe('objectStore', () => {
  it('reports an addition, a change and a deletion', () => {
    const { store, changes } = aStore();
    store.put(anObject());
    store.put(anObject({ resourceVersion: '2' }));
    store.remove('a/b');
    deepEqual(changes, [
      ['a/b', undefined, 'u1@1'],
      ['a/b', 'u1@1', 'u1@2'],
      ['a/b', 'u1@2', undefined],
    ]);
    equal(store.size, 0);
  });

  it('reports nothing for what it has already', () => {
    const { store, changes } = aStore();
    store.put(anObject());
    store.put(anObject());
    equal(changes.length, 1);
  });

  it('reports another object of the same name as a deletion and an addition', () => {
    const { store, changes } = aStore();
    store.put(anObject());
    store.put(anObject({ uid: 'u2', resourceVersion: '5' }));
    deepEqual(changes.slice(1), [
      ['a/b', 'u1@1', undefined],
      ['a/b', undefined, 'u2@5'],
    ]);
  });

  it('reports nothing for the deletion of what it does not have', () => {
    const { store, changes } = aStore();
    store.remove('a/b');
    deepEqual(changes, []);
  });

  it('finds by what the object says now', () => {
    const { store } = aStore();
    store.put(anObject({ labels: { team: 'red' } }));
    store.put(anObject({ labels: { team: 'blue' }, resourceVersion: '2' }));
    deepEqual(store.byIndex('team', 'red'), []);
    deepEqual(
      store.byIndex('team', 'blue').map(({ metadata }) => metadata.name),
      ['b'],
    );
    store.remove('a/b');
    deepEqual(store.byIndex('team', 'blue'), []);
  });

  it('refuses an index that nobody made', () => {
    throws(() => aStore().store.byIndex('colour', 'red'), /no index colour/);
  });
});
