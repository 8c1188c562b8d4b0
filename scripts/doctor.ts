import { endWithComplaint } from './complaint.ts';
import { doctorProgram } from './doctor/program.ts';
import { readThisInstallation } from './this-installation.ts';

async function main(): Promise<void> {
  await doctorProgram({
    installation: readThisInstallation(process.env),
    print: (text) => process.stdout.write(text),
    fail: () => {
      process.exitCode = 1;
    },
  }).parseAsync();
  // A connection that is being opened again would keep the process.
  process.exit();
}

main().catch(endWithComplaint);
