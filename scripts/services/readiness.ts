import { logComplaint } from './log-file.ts';
import type { ServerProcess } from './server-process.ts';

const readyTimeoutMs = 60_000;
const retryMs = 50;

/**
 * Resolves when `connect` works. A minute covers the recovery of a database that was killed while busy.
 * @throws if the process exits first or the time is up; the message quotes the server's log
 */
export async function untilReady(server: {
  name: string;
  process: ServerProcess;
  connect: () => Promise<void>;
  logFile: string;
  logFrom: number;
}): Promise<void> {
  let exited = false;
  void server.process.exited.then(() => {
    exited = true;
  });
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    try {
      return await server.connect();
    } catch (error) {
      if (exited)
        throw new Error(`${server.name} did not start: ${logComplaint(server.logFile, server.logFrom)}`);
      if (Date.now() > deadline) {
        await server.process.stop(2000);
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${server.name} did not answer within ${readyTimeoutMs / 1000} s: ${reason}`);
      }
    }
    await Promise.race([server.process.exited, new Promise((resolve) => setTimeout(resolve, retryMs))]);
  }
}
