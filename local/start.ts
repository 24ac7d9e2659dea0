// `npm start`: the whole landscape on this machine, until Ctrl-C.
import { startOptions } from './start/options.ts';
import { runLandscape } from './start/run-landscape.ts';
import { stopSignal } from './start/stop-signal.ts';

const signal = stopSignal();
const failure = await runLandscape(startOptions(process.argv.slice(2)), signal).catch(
  (error: unknown) => error,
);
if (failure !== undefined && !signal.aborted) {
  console.error(`\n${failure instanceof Error ? failure.message : String(failure)}`);
}
// Polls of processes that never became ready may be under way still.
process.exit(failure !== undefined && !signal.aborted ? 1 : 0);
