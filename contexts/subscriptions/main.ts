import { run } from '../../kit/service/run.ts';
import { subscriptions } from './context.ts';

await run(subscriptions);
