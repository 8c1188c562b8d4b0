import { conditionOf } from '../accounts.ts';
import type { ButtonInteraction, CommandInteraction } from '../discord/interaction.ts';
import { accountInfo } from './account-info.ts';
import type { Answers } from './answers.ts';
import type { Jobs, Speed } from './jobs.ts';
import type { DefaultModels } from './models.ts';
import { refusalMessage } from './refusals.ts';
import { pressed, settingsMenu, userSettingsOf } from './settings-menu.ts';
import type { Studio } from './studio.ts';

const speedAnswers: Record<Speed, string> = {
  fast: 'Done! Your jobs now consume fast-hours, but will run immediately. You can always switch back with /relax',
  relaxed:
    'Done! Your jobs now do not consume fast-hours, but might take a little longer. You can always switch back with /fast',
  turbo:
    'Done! Your jobs now run up to four times faster and consume more fast-hours. You can always switch back with /fast',
};

interface PreferencesOptions {
  jobs: Jobs;
  studio: Studio;
  models: DefaultModels;
}

/** The account's info and settings, through commands and the `/settings` menu. */
export class Preferences {
  readonly #options: PreferencesOptions;
  readonly #answers: Answers;

  constructor(options: PreferencesOptions, answers: Answers) {
    this.#options = options;
    this.#answers = answers;
  }

  command(interaction: CommandInteraction): void {
    const { account } = interaction;
    const condition = conditionOf(account);
    if (condition.kind === 'refused') {
      this.#answers.privately(interaction, () => refusalMessage(condition.refusal));
      return;
    }
    switch (interaction.name) {
      case 'info':
        this.#answers.privately(interaction, () => ({
          embeds: [accountInfo(account, this.#options.jobs, this.#options.studio)],
        }));
        return;
      case 'settings':
        this.#answers.privately(interaction, () => ({
          content: 'Adjust your settings here.',
          components: settingsMenu(account, this.#options.models),
        }));
        return;
      case 'fast':
        this.#switchSpeed(interaction, 'fast');
        return;
      case 'relax':
        this.#switchSpeed(interaction, 'relaxed');
        return;
      case 'turbo':
        this.#switchSpeed(interaction, 'turbo');
        return;
      case 'prefer remix': {
        account.remix = !account.remix;
        const content = account.remix
          ? 'Remix mode turned on! You can always turn this off by running `/prefer remix` again.'
          : 'Remix mode turned off! You can always turn this on by running `/prefer remix` again.';
        this.#answers.privately(interaction, () => ({ content }));
        return;
      }
    }
  }

  /** A press in the `/settings` menu, which then shows the new settings. */
  press(interaction: ButtonInteraction, setting: string): void {
    const { account, message, values } = interaction;
    Object.assign(account, pressed(userSettingsOf(account), setting, values));
    const components = settingsMenu(account, this.#options.models);
    this.#answers.change(interaction, message, { components });
  }

  #switchSpeed(interaction: CommandInteraction, speed: Speed): void {
    interaction.account.speed = speed;
    this.#answers.privately(interaction, () => ({ content: speedAnswers[speed] }));
  }
}
