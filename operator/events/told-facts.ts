import { hash } from 'node:crypto';
import { type Facts, isEnd } from './facts.ts';

/** Facts as the one process tells them that leads. */
export interface ToldFacts extends Facts {
  /** Another may have led since: what was told is not known any more. */
  forget(): void;
}

/**
 * Asks the database about a fact only when it is another one than this process told last: a tenant is looked at
 * many times without any news.
 */
export const rememberingFacts = (facts: Facts): ToldFacts => {
  const told = new Map<string, string>();
  return {
    publish: async (fact) => {
      const { about, tenant, id, event } = fact;
      const subject = `${about} ${tenant} ${id}`;
      const digest = hash('sha1', JSON.stringify(event));
      if (told.get(subject) === digest) return;
      await facts.publish(fact);
      // Nothing follows an end, so there is nothing to remember.
      if (isEnd(event)) told.delete(subject);
      else told.set(subject, digest);
    },
    forget: () => told.clear(),
  };
};
