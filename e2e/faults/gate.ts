/** Lets so many run at once; the others wait their turn. */
export const gate = (most: number) => {
  let free = most;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const enter = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return async <T>(act: () => Promise<T>): Promise<T> => {
    await enter();
    return await act().finally(leave);
  };
};
