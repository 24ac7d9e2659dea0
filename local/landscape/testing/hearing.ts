import { run } from '../../../kit/service/run.ts';
import { hearing } from './hearing-context.ts';

await run(hearing);
