import type { AsDesired } from './as-desired.ts';
import type { Controller } from './controller.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeObject } from './kube-object.ts';
import type { LiveWorld } from './live-world.ts';
import type { Written } from './own-writes.ts';
import type { Owner } from './ownership.ts';
import type { ServerForms } from './server-forms.ts';
import type { StatusWriter } from './write-status.ts';

/** What a controller is run with. */
export type Running<Parent extends KubeObject, Observed, Effect> = {
  readonly controller: Controller<Parent, Observed, Effect>;
  readonly client: KubeClient;
  readonly world: LiveWorld;
  readonly recorder: EventRecorder;
  readonly status: StatusWriter;
  readonly forms: ServerForms;
  readonly asDesired: AsDesired;
  readonly signal: AbortSignal;
};

/** One reconciliation of one parent. */
export type Round<Parent extends KubeObject, Observed, Effect> = Running<Parent, Observed, Effect> & {
  /** As the cache had it, or as it was after our last write to it. */
  parent: Parent;
  /** All objects that were written. */
  readonly written: Written[];
};

/** What to do with the key next; without it only changes bring it back. */
export type Outcome = { readonly requeueAfterSeconds?: number };

export const ownerOf = <P extends KubeObject, O, E>({ controller, parent }: Round<P, O, E>): Owner => ({
  name: controller.name,
  parent,
  resource: controller.parent,
});
