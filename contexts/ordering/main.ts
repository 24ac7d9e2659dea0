import { run } from '../../kit/service/run.ts';
import { ordering } from './context.ts';

await run(ordering);
