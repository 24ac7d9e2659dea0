type Teardown = () => Promise<void>;

const teardowns = new Set<Teardown>();

/** Runs once, after the last spec of this mocha process, whether or not specs failed. */
export const afterAllSpecs = (teardown: Teardown): void => {
  teardowns.add(teardown);
};

/** Mocha finds this name in the modules that .mocharc.json requires. */
export const mochaHooks = {
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(30_000);
    for (const teardown of teardowns) await teardown();
  },
};
