import { readSettings } from './settings.ts';
import { startSimulator } from './simulator.ts';

function fail(error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`simulator: ${text}\n`);
  process.exit(1);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const log = (line: string) => process.stderr.write(`simulator: ${line}\n`);
const simulator = await startSimulator({ ...readSettings(process.env), log });
const { apiUrl, gatewayUrl, discordSaysUrl, editorUrl, controlUrl } = simulator;
const listening = { apiUrl, gatewayUrl, discordSaysUrl, editorUrl, controlUrl };
process.stdout.write(`${JSON.stringify({ listening })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    simulator.close().then(() => process.exit(0), fail);
  });
}
