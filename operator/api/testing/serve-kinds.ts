import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { testControlPlane } from '../../../local/servers/control-plane-for-tests.ts';
import type { ControlPlane } from '../../../local/servers/start-control-plane.ts';
import { collectionPath, type Resource } from '../../engine/resource.ts';
import { customResourceDefinition } from '../crd.ts';
import { KINDS } from '../kinds.ts';
import { type Answer, type ApiServer, callApiServer } from './call-api-server.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

export type ServedKinds = { readonly plane: ControlPlane; readonly call: ApiServer };

const isServed = async (call: ApiServer, resource: Resource): Promise<boolean> =>
  (await call({ method: 'GET', path: `${collectionPath(resource)}?limit=1` })).status === 200;

const until = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition())) await delay(50);
};

/** Applies the CustomResourceDefinitions, as often as one likes; resolves when objects of all kinds can be written. */
export const installKinds = async (call: ApiServer): Promise<Answer[]> => {
  const answers = await Promise.all(
    KINDS.map(customResourceDefinition).map((definition) =>
      call({
        method: 'PATCH',
        path: `${CRDS}/${definition.metadata.name}?fieldManager=spec&force=true`,
        body: definition,
        headers: { 'content-type': 'application/apply-patch+yaml' },
      }),
    ),
  );
  for (const { status, body } of answers) assert.ok(status < 300, body.message);
  for (const kind of KINDS) await until(() => isServed(call, kind));
  return answers;
};

/** The kinds on the API server that all specs share. Takes about ten seconds the first time. */
export const serveKinds = async (): Promise<ServedKinds> => {
  const plane = await testControlPlane();
  const call = callApiServer(plane);
  await installKinds(call);
  return { plane, call };
};

export const definitionPath = (kind: Resource): string => `${CRDS}/${kind.plural}.${kind.group}`;
