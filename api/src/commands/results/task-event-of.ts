import { readButtons } from '@midjourney-api/shared/midjourney/buttons';
import { jobIdOf } from '@midjourney-api/shared/midjourney/job-id';
import type { ResultEvent } from '@midjourney-api/shared/results/result-event';
import type { FailCode } from '@midjourney-api/shared/tasks/task';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import { contentTypeOf, isPictureExtension } from '../../pictures/picture-format.ts';

/** What a result means for its task; undefined for an `end` without a picture. */
export function taskEventOf(result: ResultEvent): TaskEvent | undefined {
  const { job_id: jobId } = result;
  switch (result.type) {
    case 'start':
      return { type: 'started', progressMessageId: result.id, jobId };
    case 'generating':
      return {
        type: 'progressed',
        progressMessageId: result.id,
        progress: result.progress ?? 0,
        previewUrl: result.attachments[0]?.url,
        jobId,
      };
    case 'end': {
      const [picture] = result.attachments;
      if (!picture) return undefined;
      return {
        type: 'succeeded',
        jobId,
        result: {
          messageId: result.id,
          messageFlags: result.flags ?? 0,
          messageHash: jobIdOf(result) ?? null,
          imageUrl: picture.url,
          mediaType: mediaTypeOf(picture),
          width: picture.width ?? null,
          height: picture.height ?? null,
          buttons: readButtons(result.components),
          texts: null,
        },
      };
    }
    case 'text': {
      const [embed] = result.embeds;
      return {
        type: 'succeeded',
        jobId,
        result: {
          messageId: result.id,
          messageFlags: result.flags ?? 0,
          messageHash: null,
          imageUrl: embed?.image?.url ?? null,
          mediaType: embed?.image ? mediaTypeOf(embed.image) : null,
          width: embed?.image?.width ?? null,
          height: embed?.image?.height ?? null,
          buttons: readButtons(result.components),
          texts: readNumberedPrompts(embed?.description ?? result.content),
          // A description has a picture, and no text besides its prompts.
          analysis: embed?.image ? null : (embed?.description ?? null),
        },
      };
    }
    case 'error':
      return failure(result, result.fail_code ?? 'rejected', 'Midjourney refused the task.');
    case 'banned':
      return failure(result, 'banned', 'Midjourney does not allow this prompt.');
    case 'verify':
      return failure(
        result,
        'verification_required',
        "Midjourney asks the account's owner to confirm that a person uses it.",
      );
  }
}

/** Only the operator is shown what is wrong with an account: bills and bans are not the clients' business. */
function failure(result: ResultEvent, code: FailCode, otherwise: string): TaskEvent {
  const reason = reasonOf(result, otherwise);
  const job = { jobId: result.job_id, jobEnded: result.job_ended };
  if (code !== 'account_unavailable' && code !== 'verification_required')
    return { type: 'failed', code, reason, ...job };
  const forClients =
    'The Midjourney account could not draw this, and its operator sees why. Your token is back.';
  return { type: 'failed', code, reason: forClients, detail: reason, ...job };
}

/** Discord does not always give the type of a picture in an embed; the extension of its file does. */
function mediaTypeOf({
  url,
  content_type,
}: {
  url: string;
  content_type?: string | undefined;
}): string | null {
  if (content_type) return content_type;
  const extension = /\.(\w+)(?:$|\?)/.exec(url)?.[1]?.toLowerCase() ?? '';
  const usual = extension === 'jpeg' ? 'jpg' : extension;
  return isPictureExtension(usual) ? contentTypeOf(usual) : null;
}

/** The prompts of a describe or shorten: each on a line of its own that begins with its number, 1️⃣ to 5️⃣. */
export function readNumberedPrompts(description: string): string[] {
  return description
    .split(/^\s*[1-9]\uFE0F?\u20E3/mu)
    .slice(1)
    .map((prompt) => prompt.trim())
    .filter(Boolean);
}

function reasonOf({ reason, embeds: [embed] }: ResultEvent, otherwise: string): string {
  if (reason) return reason;
  return [embed?.title, embed?.description].filter(Boolean).join(': ') || otherwise;
}
