import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listen } from './listen.ts';

/** A proxy between a client and a real server. Each fault lasts until `resume`. */
export interface StallingProxy {
  port: number;
  /** Connections are taken and nothing comes back, as of a server that is frozen: what is sent meanwhile is lost. */
  stall(): void;
  /** Nothing flows either way, and nothing is lost, as of a slow network: it comes late. */
  hold(): void;
  /** Every connection breaks, and new ones are refused. */
  cut(): void;
  /** Every connection is reset; new ones are taken at once. */
  reset(): void;
  /** Bytes flow again; those swallowed meanwhile are lost, and their connections with them. */
  resume(): void;
  close(): Promise<void>;
}

export async function startStallingProxy(
  targetPort: number,
  targetHost = '127.0.0.1',
): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  const swallowed = new Set<Socket>();
  let state: 'flows' | 'stalled' | 'held' | 'cut' = 'flows';
  const server = createServer((client) => {
    if (state === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const target = connect(targetPort, targetHost);
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (state === 'stalled') swallowed.add(from);
        else to.write(chunk);
      });
      if (state === 'held') from.pause();
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        swallowed.delete(from);
        to.destroy();
      });
    }
  });
  const port = await listen(server);
  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port,
    stall: () => {
      state = 'stalled';
    },
    hold: () => {
      state = 'held';
      for (const socket of sockets) socket.pause();
    },
    cut: () => {
      state = 'cut';
      reset();
    },
    reset,
    resume: () => {
      state = 'flows';
      for (const socket of swallowed) socket.destroy();
      for (const socket of sockets) socket.resume();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
