import type { Difference } from './differences.ts';
import { APPLIED_ANNOTATION } from './ownership.ts';
import { type Child, nameOfChild } from './plan-children.ts';

/**
 * Remembers where the API server, or a webhook, keeps an object otherwise than it was applied: a default inside a list, a
 * field that it drops. Without that, such an object would look drifted for ever and be applied again and again.
 */
export interface ServerForms {
  /** Right after the child was applied it was different in this. */
  learn(child: Child, differences: readonly Difference[]): void;
  areKnown(child: Child, differences: readonly Difference[]): boolean;
  forget(child: Child): void;
}

/** In memory alone: after a restart such objects are applied once more, which changes nothing. */
export const serverForms = (): ServerForms => {
  const forms = new Map<string, string>();
  const formOf = ({ object }: Child, differences: readonly Difference[]): string =>
    JSON.stringify([object.metadata.annotations?.[APPLIED_ANNOTATION], differences]);
  return {
    learn: (child, differences) => {
      if (differences.length === 0) forms.delete(nameOfChild(child));
      else forms.set(nameOfChild(child), formOf(child, differences));
    },
    areKnown: (child, differences) => forms.get(nameOfChild(child)) === formOf(child, differences),
    forget: (child) => void forms.delete(nameOfChild(child)),
  };
};
