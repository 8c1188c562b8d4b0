import type { DiscordRest } from '../discord/rest/discord-rest.ts';
import type { ApplicationCommand } from '../discord/rest/interaction-requests.ts';

/**
 * Ids and versions of Midjourney's commands. The version changes with each of its deployments: Discord then
 * refuses the old one, and after `forget` it is looked up again. The look-up is made with the user's token, so
 * concurrent callers share it, and a failed one is repeated only after a growing delay.
 */
export interface CommandCache {
  /** A command of one of the two bots. @throws when the channel's server has none, or it cannot be looked up now. */
  find(name: string, applicationId: string): Promise<ApplicationCommand>;
  /** Drops what was found, if this outdated command is of it. */
  forget(outdated: ApplicationCommand): void;
}

const firstDelayMs = 5_000;
const longestDelayMs = 300_000;

export interface CommandCacheOptions {
  /** Called for each command that has another version than when it was looked up before. */
  onChanged?(command: ApplicationCommand): void;
  now?(): number;
}

export function createCommandCache(
  rest: Pick<DiscordRest, 'findCommands'>,
  { onChanged = () => {}, now = Date.now }: CommandCacheOptions = {},
): CommandCache {
  let commands: ApplicationCommand[] = [];
  /** The version of each command, by its id, as it was looked up last. */
  const versions = new Map<string, string>();
  let lookUp: Promise<void> | undefined;
  let failures = 0;
  /** Why the last look-up failed, and until when it is not repeated. */
  let failure: { error: unknown; until: number } | undefined;

  const fail = (error: unknown) => {
    const delay = Math.min(firstDelayMs * 2 ** failures++, longestDelayMs);
    failure = { error, until: now() + delay };
  };

  const lookUpFor = async (name: string, applicationId: string) => {
    try {
      commands = await rest.findCommands();
      for (const command of commands) {
        const before = versions.get(command.id);
        versions.set(command.id, command.version);
        if (before !== undefined && before !== command.version) onChanged(command);
      }
    } catch (error) {
      fail(error);
      throw error;
    }
    if (!commandNamed(commands, name, applicationId)) {
      fail(
        new Error(
          `The Discord server has no command /${name} of the bot ${applicationId}; invite the bot to it.`,
        ),
      );
      return;
    }
    failures = 0;
    failure = undefined;
  };

  return {
    async find(name, applicationId) {
      for (;;) {
        const command = commandNamed(commands, name, applicationId);
        if (command) return command;
        if (failure && now() < failure.until) throw failure.error;
        lookUp ??= lookUpFor(name, applicationId).finally(() => {
          lookUp = undefined;
        });
        await lookUp;
      }
    },
    forget(outdated) {
      if (commands.includes(outdated)) commands = [];
    },
  };
}

function commandNamed(
  commands: ApplicationCommand[],
  name: string,
  applicationId: string,
): ApplicationCommand | undefined {
  return commands.find((each) => each.name === name && each.application_id === applicationId);
}
