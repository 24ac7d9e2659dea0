/**
 * `initiate-mongodb` makes a trial's replica set, beside its mongod; without a word it is the operator. Each loads what
 * it needs: the first sleeps in a container of its own.
 */
const [command] = process.argv.slice(2);
if (command === undefined) await (await import('./run.ts')).run();
else if (command === 'initiate-mongodb') await (await import('./initiate-mongodb.ts')).initiateMongodb();
else throw new Error(`cannot run "${command}": say initiate-mongodb, or nothing to run the operator`);

export {};
