import type { ApplicationCommand, DiscordRest } from '../discord/rest.ts';

/**
 * Ids and versions of Midjourney's commands. The version changes with each of its deployments: Discord then
 * refuses the old one, and `forget` makes the next use look it up again.
 */
export interface CommandCache {
  /** A command of one of Midjourney's bots. @throws when the channel's server has no such command. */
  find(name: string, applicationId: string): Promise<ApplicationCommand>;
  forget(): void;
}

export function createCommandCache(rest: Pick<DiscordRest, 'findCommands'>): CommandCache {
  let commands: Promise<ApplicationCommand[]> | undefined;
  const lookUp = () => {
    const found = rest.findCommands();
    commands = found;
    // A failed look-up is not kept.
    found.catch(() => {
      if (commands === found) commands = undefined;
    });
    return found;
  };

  return {
    async find(name, applicationId) {
      const all = await (commands ?? lookUp());
      const command = all.find((each) => each.name === name && each.application_id === applicationId);
      if (!command) {
        commands = undefined;
        throw new Error(
          `The Discord server has no command /${name} of the bot ${applicationId}; invite the bot to it.`,
        );
      }
      return command;
    },
    forget() {
      commands = undefined;
    },
  };
}
