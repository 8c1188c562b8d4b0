import type { ModalInteraction } from '../discord/interaction.ts';
import { type DerivingPress, type DrawnJob, videoAfter } from './derivations.ts';
import { panGrid, quadrant, redrawn, varyGrid, zoomGrid } from './derive-picture.ts';
import { hasParameter, type Job } from './jobs.ts';
import type { Form } from './modals.ts';
import type { UserSettings } from './settings-menu.ts';
import type { Submissions } from './submissions.ts';
import type { VideoLength } from './videos/video.ts';
import { animatedText, completedText } from './videos/video-text.ts';

/** Midjourney's forms: names and fields as public clients fill them in. */
export class Forms {
  readonly #submissions: Submissions;

  constructor(submissions: Submissions) {
    this.#submissions = submissions;
  }

  /** The form that a button opens in remix mode; undefined for what opens none: edited pictures, other buttons. */
  forRemix(
    press: DerivingPress,
    parent: DrawnJob,
    messageId: string,
    { highVariability }: Pick<UserSettings, 'highVariability'>,
  ): Form | undefined {
    if (hasParameter(parent, 'edit')) return undefined;
    switch (press.press) {
      case 'variation':
        return highVariability
          ? this.#remix(parent, press.index, 'plain', { kind: 'variation' })
          : this.#remix(parent, press.index, 'subtle', { kind: 'variation', detail: 'subtle' });
      case 'solo_variation':
        return this.#remix(parent, 1, press.strength, { kind: 'solo_variation', detail: press.strength });
      case 'reroll':
        return this.#reroll(parent, messageId);
      case 'pan':
        return this.#pan(parent, press.direction);
      case 'animate':
      case 'extend':
        return this.#animate(press, parent);
      default:
        return undefined;
    }
  }

  customZoom(parent: DrawnJob): Form {
    return {
      title: 'Zoom Out',
      customId: `MJ::OutpaintCustomZoomModal::${parent.id}`,
      field: 'MJ::OutpaintCustomZoomModal::prompt',
      label: 'Custom Zoom Prompt',
      value: `${parent.echoedPrompt} --zoom 2`,
      submit: (interaction, text, more) =>
        this.#submissions.drawText(
          interaction,
          { ...more, kind: 'zoom', detail: 'custom', parentJobId: parent.id },
          text,
          ({ zoom = 2 }, seed) => ({ picture: zoomGrid(quadrant(parent.picture, 1), zoom, seed) }),
          { allowZoom: true },
        ),
    };
  }

  /** Opened by the number of a text under a description. */
  described(number: number, text: string, parentJobId: string): Form {
    return {
      title: 'Imagine!',
      customId: `MJ::Picreader::Modal::${number}`,
      field: 'MJ::Picreader::Modal::PromptField',
      label: 'Prompt',
      value: text,
      submit: (interaction, written, more) =>
        this.#submissions.imagine(interaction, written, { ...more, parentJobId }),
    };
  }

  /** Opened in remix mode by the number of a shortened prompt. */
  shortened(messageId: string, text: string, parentJobId: string): Form {
    return this.#imagine(messageId, text, (interaction, written, more) =>
      this.#submissions.imagine(interaction, written, { ...more, parentJobId }),
    );
  }

  #remix(
    parent: DrawnJob,
    index: number,
    strength: 'subtle' | 'strong' | 'plain',
    as: Pick<Job, 'kind' | 'detail'>,
  ): Form {
    return {
      title: 'Remix Prompt',
      customId: `MJ::RemixModal::${parent.id}::${index}::${strength === 'subtle' ? 0 : 1}`,
      field: 'MJ::RemixModal::new_prompt',
      label: 'New Prompt for Image',
      value: parent.echoedPrompt,
      submit: (interaction, text, more) =>
        this.#submissions.drawText(
          interaction,
          { ...more, ...as, index, parentJobId: parent.id },
          text,
          (prompt, seed) => {
            const remixed = prompt.echo !== parent.echoedPrompt;
            const picture = remixed
              ? this.#submissions.newGrid(prompt, seed)
              : varyGrid(quadrant(parent.picture, index), strength, seed);
            return { remixed, picture };
          },
        ),
    };
  }

  #reroll(parent: DrawnJob, messageId: string): Form {
    const { video } = parent;
    return this.#imagine(messageId, parent.echoedPrompt, (interaction, text, more) => {
      const reroll = { ...more, kind: 'reroll', parentJobId: parent.id } as const;
      if (video) {
        this.#drawVideo(interaction, reroll, text, {
          parent,
          text: parent.echoedPrompt,
          seconds: video.seconds,
        });
        return;
      }
      this.#submissions.drawText(interaction, reroll, text, (prompt, seed) => ({
        picture:
          prompt.echo === parent.echoedPrompt
            ? redrawn(parent.picture, seed)
            : this.#submissions.newGrid(prompt, seed),
      }));
    });
  }

  #pan(parent: DrawnJob, direction: Extract<DerivingPress, { press: 'pan' }>['direction']): Form {
    return {
      title: `Pan ${direction}`,
      customId: `MJ::PanModal::${direction}::${parent.id}::1`,
      field: 'MJ::PanModal::prompt',
      label: 'Prompt',
      value: parent.echoedPrompt,
      submit: (interaction, text, more) =>
        this.#submissions.drawText(
          interaction,
          { ...more, kind: 'pan', detail: direction, parentJobId: parent.id },
          text,
          (_prompt, seed) => ({ picture: panGrid(quadrant(parent.picture, 1), direction, seed) }),
        ),
    };
  }

  #animate(
    press: Extract<DerivingPress, { press: 'animate' | 'extend' }>,
    parent: DrawnJob,
  ): Form | undefined {
    const video = videoAfter(press, parent);
    if (!video) return undefined;
    const { press: kind, motion } = press;
    const index = 'index' in press ? press.index : 1;
    const text = animatedText(parent.echoedPrompt, motion);
    return {
      title: 'Animate',
      customId: `MJ::AnimateModal::${press.hash}::${index}::${motion}::${kind === 'extend' ? 1 : 0}`,
      field: 'MJ::AnimateModal::prompt',
      label: 'Prompt',
      value: text,
      submit: (interaction, written, more) =>
        this.#drawVideo(interaction, { ...more, kind, index, parentJobId: parent.id }, written, {
          parent,
          text,
          seconds: video.seconds,
        }),
    };
  }

  /** Makes a video from the written text, instead of one with this text and length. */
  #drawVideo(
    interaction: ModalInteraction,
    more: Partial<Job> & Pick<Job, 'kind'>,
    written: string,
    { parent, text, seconds }: { parent: DrawnJob; text: string; seconds: VideoLength },
  ): void {
    this.#submissions.drawText(
      interaction,
      more,
      completedText(written, text),
      ({ video: { motion, clips } = { motion: 'low', clips: 4 } }) => ({
        detail: motion,
        picture: quadrant(parent.picture, more.index ?? 1),
        video: { motion, clips, seconds },
      }),
      { animates: true },
    );
  }

  #imagine(messageId: string, value: string, submit: Form['submit']): Form {
    return {
      title: 'Remix Prompt',
      customId: `MJ::ImagineModal::${messageId}`,
      field: 'MJ::ImagineModal::new_prompt',
      label: 'New Prompt',
      value,
      submit,
    };
  }
}
