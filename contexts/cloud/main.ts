import { run } from '../../kit/service/run.ts';
import { cloud } from './context.ts';

await run(cloud);
