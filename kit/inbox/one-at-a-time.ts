/**
 * Runs tasks one after the other, in the order in which they were given. Batches of one consumer follow each other on
 * the same subjects: side by side they would only conflict, and hold events for the gap that the other fills.
 */
export const oneAtATime = (): (<T>(task: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task);
    last = turn.catch(() => undefined);
    return turn;
  };
};
