import type { Ground } from '../ground.ts';
import { type Doors, openDoors } from './doors.ts';
import { type Owner, signIn } from './owner.ts';
import { openStage, type Stage } from './stage.ts';

/** Longer than anything takes; it ends with the measurement. */
const LOAD_SECONDS = 300;

export type BesideLoad = { readonly stage: Stage; readonly owner: Owner; readonly doors: Doors };

/** Measures at the front doors while others make 500 requests a second there. */
export const besideLoad = async <T>(
  ground: Ground,
  measure: (given: BesideLoad) => Promise<T>,
): Promise<T> => {
  const stage = await openStage(ground);
  const load = stage.otherLoad(LOAD_SECONDS);
  const owner = await signIn(stage);
  const doors = await openDoors(stage.doors);
  try {
    return await measure({ stage, owner, doors });
  } finally {
    load.stop();
    owner.close();
    doors.close();
  }
};
