import { aggregate } from '../../../kit/aggregate/aggregate.ts';

/**
 * The owners of an account who can sign in. Whatever makes or unmakes an owner goes through this one document, so two
 * owners who disable each other meet here and the later one is refused.
 */
export type Team = { readonly owners: readonly string[] };
export type TeamEvent =
  | { readonly type: 'OwnerCounted'; readonly data: { readonly userId: string } }
  | { readonly type: 'OwnerLeft'; readonly data: { readonly userId: string } };

/** A tenant is an account and has one. */
export const TEAM = 'team';

const evolve = ({ owners }: Team, { type, data: { userId } }: TeamEvent): Team => {
  const others = owners.filter((one) => one !== userId);
  return { owners: type === 'OwnerCounted' ? [...others, userId] : others };
};

export const team = aggregate<Team, TeamEvent>({
  kind: 'team',
  collection: 'teams',
  initialState: () => ({ owners: [] }),
  evolve,
});
