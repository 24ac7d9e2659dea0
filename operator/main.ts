import { initiateMongodb } from './initiate-mongodb.ts';
import { run } from './run.ts';

/** `initiate-mongodb` makes a trial's replica set, beside its mongod; without a word it is the operator. */
const [command] = process.argv.slice(2);
if (command === undefined) await run();
else if (command === 'initiate-mongodb') await initiateMongodb();
else throw new Error(`cannot run "${command}": say initiate-mongodb, or nothing to run the operator`);
