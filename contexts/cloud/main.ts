import { setFlagsFromString } from 'node:v8';
import { run } from '../../kit/service/run.ts';
import { cloud } from './context.ts';

// While a million credentials load, V8 guesses that what the MongoDB driver parses lives long, and allocates it among
// the old objects (allocation-site pretenuring): over 100 MB of garbage were resident then.
setFlagsFromString('--no-allocation-site-pretenuring');

await run(cloud);
