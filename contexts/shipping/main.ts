import { run } from '../../kit/service/run.ts';
import { shipping } from './context.ts';

await run(shipping);
