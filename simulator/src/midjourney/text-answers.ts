import type { AttachmentSource, Message } from '../discord/model.ts';
import type { NewSnowflake } from '../discord/snowflake.ts';
import type { File } from '../discord/uploads.ts';
import { describeButtons, shortenButtons } from './buttons.ts';
import type { Job } from './jobs.ts';
import type { Prompt } from './prompt.ts';
import { describeImage, numberedList, shortenPrompt } from './read-image.ts';
import { type Refusal, refusals } from './refusals.ts';

/** The final answer of `/describe`: four prompts and the picture. */
export async function descriptionAnswer(
  job: Job,
  file: File,
  bytesOf: (source: AttachmentSource) => Promise<Buffer | undefined>,
  newId: NewSnowflake,
): Promise<Partial<Message> | Refusal> {
  const bytes = await bytesOf(file.source);
  // A file may begin like an image without being one.
  const texts = bytes && (await describeImage(bytes).catch(() => undefined));
  if (!texts) return refusals.imageDenied();
  job.texts = texts;
  const image = { ...file, id: newId() };
  return { embeds: [{ description: numberedList(texts), image }], components: describeButtons() };
}

/** The answer of `/shorten`: the words that matter, and shorter and shorter prompts. */
export function shorteningAnswer(job: Job, prompt: Prompt): Partial<Message> {
  const { important, shorter } = shortenPrompt(prompt.text || prompt.echo);
  job.texts = shorter;
  const tokens = important.map((token) => `**${token}**`).join(', ');
  const description = `## Important tokens\n${tokens}\n\n## Shortened prompts\n${numberedList(shorter)}`;
  return {
    embeds: [
      {
        title: 'Shortened prompts',
        description,
        footer: { text: 'Click on a button to imagine one of the shortened prompts' },
      },
    ],
    components: shortenButtons(shorter.length),
  };
}
