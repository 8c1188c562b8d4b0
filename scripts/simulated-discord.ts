import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import type { RunningCopy } from './run-file.ts';
import { freePort } from './services/free-port.ts';
import type { SecretsFile } from './services/secrets-file.ts';

type SimulatorAccess = NonNullable<RunningCopy['simulator']>;

/** The simulator's addresses and the one account in it, the same at each start. */
export interface SimulatedDiscord {
  access: Omit<SimulatorAccess, 'gatewayUrl'>;
  /** For the simulator. */
  simulatorEnv: NodeJS.ProcessEnv;
  /** For programs that take it for Discord. */
  clientEnv: NodeJS.ProcessEnv;
}

export async function simulatedDiscord(
  secrets: SecretsFile,
  settings: { dataDir: string; drawMs: number },
): Promise<SimulatedDiscord> {
  const port = await keptPort(secrets, 'simulatorPort');
  const controlPort = await keptPort(secrets, 'simulatorControlPort');
  const userToken = secrets.remember('simulatorUserToken', newToken);
  const botToken = secrets.remember('simulatorBotToken', newToken);
  const guildId = secrets.remember('simulatorGuildId', newSnowflake);
  const channelId = secrets.remember('simulatorChannelId', newSnowflake);
  const apiUrl = `http://127.0.0.1:${port}/api`;
  return {
    access: {
      apiUrl,
      controlUrl: `http://127.0.0.1:${controlPort}`,
      userToken,
      botToken,
      guildId,
      channelId,
    },
    simulatorEnv: {
      SIM_HOST: '127.0.0.1',
      SIM_PORT: String(port),
      SIM_CONTROL_PORT: String(controlPort),
      SIM_DRAW_MS: String(settings.drawMs),
      SIM_DATA_DIR: path.join(settings.dataDir, 'simulator'),
      SIM_USER_TOKEN: userToken,
      SIM_BOT_TOKEN: botToken,
      SIM_GUILD_ID: guildId,
      SIM_CHANNEL_ID: channelId,
    },
    clientEnv: {
      DISCORD_API_URL: apiUrl,
      DISCORDSAYS_URL: `http://127.0.0.1:${port}/discordsays`,
      MIDJOURNEY_EDITOR_URL: `http://127.0.0.1:${port}/editor`,
      DISCORD_USER_TOKEN: userToken,
      DISCORD_BOT_TOKEN: botToken,
      DISCORD_GUILD_ID: guildId,
      DISCORD_CHANNEL_ID: channelId,
      ALLOW_PRIVATE_DOWNLOADS: '1',
    },
  };
}

/** Links to pictures hold the port, so they stay good over a restart when the port does. */
async function keptPort(secrets: SecretsFile, name: string): Promise<number> {
  const kept = Number(secrets.get(name));
  if (kept > 0 && (await isFree(kept))) return kept;
  const port = await freePort();
  secrets.set(name, String(port));
  return port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** Discord's ids count the milliseconds since 2015 in their upper 42 bits. */
function newSnowflake(): string {
  const elapsed = BigInt(Date.now() - Date.UTC(2015, 0, 1));
  return String((elapsed << 22n) | BigInt(randomBytes(4).readUInt32BE() & 0x3fffff));
}

/** In the form of Discord's tokens: user id, time and signature in base64url. */
function newToken(): string {
  const id = Buffer.from(newSnowflake()).toString('base64url');
  return `${id}.${randomBytes(4).toString('base64url')}.${randomBytes(28).toString('base64url')}`;
}
