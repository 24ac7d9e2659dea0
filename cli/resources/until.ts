import { conditionIn } from '../../operator/api/lookups.ts';
import type { StatedCondition } from '../../operator/engine/condition.ts';
import type { KubeClient } from '../../operator/engine/kube-client.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { pause } from '../../operator/engine/pause.ts';
import { findObject } from '../../operator/engine/verbs.ts';
import { CommandFailed } from '../command-failed.ts';
import type { Duration } from '../duration.ts';
import { progressOnChange } from '../print.ts';
import { getNamed } from './ask.ts';
import { namedText, type Target } from './targets.ts';

const LOOK_EVERY_MS = 500;

export type Named = Required<Target>;

export type WithStatus = KubeObject & {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly (StatedCondition & { readonly lastTransitionTime?: string })[];
  };
};

/** Ready, and that is about the spec as it is now. */
export const isReady = (object: WithStatus): boolean =>
  conditionIn(object, 'Ready')?.status === 'True' &&
  (object.status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);

/** `Ready is False, CellNotReady: the Cell pool-1 …` */
export const standing = (object: WithStatus): string => {
  const ready = conditionIn(object, 'Ready');
  if (!ready) return 'the operator has not looked at it yet';
  const isOld = (object.status?.observedGeneration ?? 0) < (object.metadata.generation ?? 0);
  const about = isOld ? ' (of the spec before the last change)' : '';
  return `Ready is ${ready.status}, ${ready.reason}: ${ready.message}${about}`;
};

type Waiting = { readonly timeout: Duration; readonly startedAt: number };

/** @throws CommandFailed when the time is over, with what it was waiting for. */
export const untilReady = async (
  client: KubeClient,
  { kind, name }: Named,
  waiting: Waiting,
): Promise<WithStatus> => {
  const tell = progressOnChange();
  for (;;) {
    const object: WithStatus = await getNamed(client, kind, name);
    if (isReady(object)) return object;
    const text = `${namedText(kind, name)}: ${standing(object)}`;
    if (isOver(waiting))
      throw notWithin(waiting, text, `cadastre describe ${namedText(kind, name)} says more`);
    tell(text);
    await pause(LOOK_EVERY_MS);
  }
};

/** Resolves when there is no such object, or another one by its name. */
export const untilGone = async (
  client: KubeClient,
  { kind, name, uid }: Named & { readonly uid?: string | undefined },
  waiting: Waiting,
): Promise<void> => {
  const tell = progressOnChange();
  for (;;) {
    const object = await findObject<WithStatus>(client, { resource: kind, key: name });
    if (!object || (uid !== undefined && object.metadata.uid !== uid)) return;
    const text = `${namedText(kind, name)} is still there: ${standing(object)}`;
    const remedy =
      object.metadata.deletionTimestamp === undefined
        ? `nobody deletes it; cadastre delete ${namedText(kind, name)} does`
        : `it waits for ${object.metadata.finalizers?.join(', ') ?? 'nothing'}; does the operator run?`;
    if (isOver(waiting)) throw notWithin(waiting, text, remedy);
    tell(text);
    await pause(LOOK_EVERY_MS);
  }
};

const isOver = ({ timeout, startedAt }: Waiting): boolean =>
  performance.now() - startedAt >= timeout.seconds * 1_000;

const notWithin = ({ timeout }: Waiting, text: string, remedy: string): CommandFailed =>
  new CommandFailed(`Not within ${timeout.text}: ${text}\n${remedy}; --timeout waits longer.`);
