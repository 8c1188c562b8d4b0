import { endWithComplaint } from './complaint.ts';
import { driftProgram } from './drift/program.ts';
import { withDatabase } from './with-database.ts';

driftProgram({ withDatabase, print: (text) => process.stdout.write(text) })
  .parseAsync()
  .catch(endWithComplaint);
