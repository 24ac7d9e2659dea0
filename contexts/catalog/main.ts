import { run } from '../../kit/service/run.ts';
import { catalog } from './context.ts';

await run(catalog);
