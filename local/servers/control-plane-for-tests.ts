import { afterAllSpecs, beforeAllSpecs } from '../specs/root-hooks.ts';
import { findControlPlane } from './find-kubernetes.ts';
import { type ControlPlane, startControlPlane } from './start-control-plane.ts';

const progress = (line: string): void => console.error(line);

// Compiling takes minutes, which no spec's timeout allows for. What goes wrong here, the spec that asks hears.
beforeAllSpecs(async () => void (await findControlPlane(progress).catch(() => undefined)));

let plane: Promise<ControlPlane> | undefined;

/**
 * One control plane for all integration specs of this mocha process, started by the first that asks (in about ten
 * seconds: set the timeout of that hook) and stopped after the last. Keep apart by names; a spec that restarts or breaks
 * it calls `startControlPlane` for its own.
 */
export const testControlPlane = (): Promise<ControlPlane> => {
  if (!plane) {
    const starting = startControlPlane({ progress, onExit: progress });
    plane = starting;
    afterAllSpecs(async () => (await starting.catch(() => undefined))?.stop());
  }
  return plane;
};
