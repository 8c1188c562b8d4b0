import { type LaunchOptions, launch, logFile } from '../launch.ts';
import { logEnd } from '../services/log-file.ts';
import { untilReady } from '../services/readiness.ts';
import type { ServerProcess } from '../services/server-process.ts';
import type { SimulatedDiscord } from '../simulated-discord.ts';
import type { Starter } from './starter.ts';

/** Starts the simulator. Resolves to the address of its gateway, which it announces as Discord does. */
export async function startSimulator(
  { access: { apiUrl }, simulatorEnv }: SimulatedDiscord,
  env: NodeJS.ProcessEnv,
  starter: Starter,
): Promise<string> {
  await starter.start({
    stage: 'simulator',
    id: 'simulator',
    entry: 'simulator/src/main.ts',
    env: { ...env, ...simulatorEnv },
    launchWith: (program) => launchUntilReached(program, apiUrl),
  });
  return gatewayOf(apiUrl);
}

/** Ready when it answers. */
async function launchUntilReached(program: LaunchOptions, apiUrl: string): Promise<ServerProcess> {
  const file = logFile(program);
  const logFrom = logEnd(file);
  const process = await launch(program);
  const connect = async () => void (await gatewayOf(apiUrl));
  return {
    ...process,
    ready: untilReady({ name: 'the simulator', process, connect, logFile: file, logFrom }),
  };
}

async function gatewayOf(apiUrl: string): Promise<string> {
  const response = await fetch(`${apiUrl}/v10/gateway`);
  if (!response.ok) throw new Error(`status ${response.status}`);
  const { url } = (await response.json()) as { url: string };
  return url;
}
