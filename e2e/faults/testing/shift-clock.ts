/** Sets this process's clock off by so many milliseconds, as if its machine's were. Its timers run on. */
export const shiftClock = (ms: number): void => {
  const Right = Date;
  class Wrong extends Right {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(Right.now() + ms);
      else super(...(given as [number]));
    }
    static override now(): number {
      return Right.now() + ms;
    }
  }
  globalThis.Date = Wrong as DateConstructor;
};
