type Step = () => Promise<void>;

const preparations = new Set<Step>();
const teardowns = new Set<Step>();

/** Runs once, before the first spec of this mocha process, and as long as it takes. For modules, as they load. */
export const beforeAllSpecs = (preparation: Step): void => {
  preparations.add(preparation);
};

/** Runs once, after the last spec of this mocha process, whether or not specs failed. */
export const afterAllSpecs = (teardown: Step): void => {
  teardowns.add(teardown);
};

/** Mocha finds this name in the modules that .mocharc.json requires. */
export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(0);
    for (const preparation of preparations) await preparation();
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(30_000);
    for (const teardown of teardowns) await teardown();
  },
};
