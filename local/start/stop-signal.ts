/** Ctrl-C in a terminal reaches us twice, once by way of npm. */
const SAME_SIGNAL_MS = 1_000;
const LOOK_FOR_NPM_MS = 1_000;

/**
 * Aborts at SIGINT, SIGTERM or SIGHUP, and when the npm that started us has gone: nobody could stop us by it any
 * more. A second signal ends this process at once; the watchdogs then end what it started.
 */
export const stopSignal = (): AbortSignal => {
  const controller = new AbortController();
  let askedAt: number | undefined;
  const stop = (): void => {
    const now = performance.now();
    if (askedAt !== undefined && now - askedAt > SAME_SIGNAL_MS) process.exit(1);
    askedAt ??= now;
    controller.abort(new Error('stopped'));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  if (process.env['npm_lifecycle_event'] !== undefined) {
    const startedBy = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === startedBy) return;
      clearInterval(watch);
      stop();
    }, LOOK_FOR_NPM_MS).unref();
  }
  return controller.signal;
};
