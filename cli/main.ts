// The `cadastre` command: npm run cadastre -- <command>. Some commands have an npm script of their own.
import { cadastreProgram, runProgram } from './program.ts';

// Whoever reads may have had enough, as head has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

await runProgram(cadastreProgram(), process.argv.slice(2));
