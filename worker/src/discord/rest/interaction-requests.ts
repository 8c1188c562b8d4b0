import { LeaseLost } from '@midjourney-api/shared/accounts/leases';
import { z } from 'zod';
import type { DiscordAccount } from '../discord-account.ts';
import type { RestClients } from './rest-clients.ts';
import { outcomeOf, type SendOutcome } from './send-outcome.ts';

export interface InteractionRequests {
  /**
   * Never repeated by itself: a second one would draw a second picture.
   * @throws {LeaseLost} without having sent it, when the account is another worker's by the time it would go out.
   */
  interact(interaction: Record<string, unknown>): Promise<SendOutcome>;
  /** Not repeated by itself. @throws {AccountRefused} */
  findCommands(): Promise<ApplicationCommand[]>;
}

const commandIndexSchema = z.object({
  application_commands: z.array(
    z.object({ id: z.string(), version: z.string(), name: z.string(), application_id: z.string() }),
  ),
});
export type ApplicationCommand = z.infer<typeof commandIndexSchema>['application_commands'][number];

export function createInteractionRequests(
  { guildId }: DiscordAccount,
  { interacting, sending, asUser, failureOf }: RestClients,
): InteractionRequests {
  return {
    async interact(interaction) {
      try {
        await interacting.post('/interactions', { ...asUser, body: interaction });
        return { type: 'taken' };
      } catch (error) {
        if (error instanceof LeaseLost) throw error;
        return outcomeOf(failureOf(error));
      }
    },

    async findCommands() {
      const index = await sending
        .get(`/guilds/${guildId}/application-command-index`, asUser)
        .catch((error) => {
          throw failureOf(error);
        });
      return commandIndexSchema.parse(index).application_commands;
    },
  };
}
