import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import type { TaskAction } from '@midjourney-api/shared/tasks/task';
import { fetch } from 'undici';
import type { WebPage } from '../discord/channel-event.ts';
import type { AccountProxy } from '../discord/proxy.ts';

/** Midjourney's editor as it was opened for one region. The token lets anybody draw with it: it belongs in no log. */
export interface Editor {
  token: string;
}

/** Whether a task's button opens the editor. */
export function isRegion(action: TaskAction): boolean {
  return action.kind === 'button' && parseCustomId(action.customId).kind === 'region';
}

/** The editor that a web page may be; undefined for one without a token. */
export function readEditor({ customId }: Pick<WebPage, 'customId'>): Editor | undefined {
  const token = /^MJ::iframe::([\w-]{1,500})$/.exec(customId)?.[1];
  return token === undefined ? undefined : { token };
}

/** What is to be drawn again, and what there. */
interface RegionToDraw {
  /** A png or webp. */
  mask: Buffer;
  prompt: string;
}

/** Where Midjourney's pages in Discord are, and what the account reaches them through. */
interface RegionHost {
  host: string;
  proxy: AccountProxy | undefined;
}

/** Both undefined when it was taken. */
interface RegionSent {
  /** Why it was definitely not taken. */
  failure?: string;
  /** Why that is not known. */
  unclear?: string;
}

/** The editor forgets its token about ten seconds after it was opened. */
const timeLimitMs = 10_000;

/**
 * Sends a region as the editor does: in the one of its two known forms that the mask is for. Once, as a token is good
 * for one drawing: where the answer is lost, only a message of Midjourney's shows that it was taken.
 */
export async function sendRegion(
  editor: Editor,
  region: RegionToDraw,
  { host, proxy }: RegionHost,
  signal: AbortSignal,
): Promise<RegionSent> {
  const { path, body } = requestOf(editor, region);
  try {
    const response = await fetch(`${host.replace(/\/+$/, '')}${path}`, {
      ...(proxy && { dispatcher: proxy.dispatcher }),
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]),
    });
    await response.body?.cancel();
    if (response.ok) return {};
    if (response.status >= 500) return { unclear: `Midjourney's editor answered ${response.status}` };
    return { failure: `Midjourney's editor did not take the region: it answered ${response.status}.` };
  } catch (error) {
    signal.throwIfAborted();
    // Neither names the token, which is in the address.
    return { unclear: error instanceof Error ? error.name : 'no answer' };
  }
}

/** https://discord.com/developers/docs does not describe it: both forms are those that public clients send. */
export function requestOf({ token }: Editor, { mask, prompt }: RegionToDraw): { path: string; body: object } {
  const text = mask.toString('base64');
  if (mask.subarray(1, 4).toString('latin1') === 'PNG') {
    const body = { customId: token, mask: text, prompt, userId: '0', username: '0' };
    return { path: '/inpaint/api/submit-job', body };
  }
  return { path: `/.proxy/inpaint/api/submit-job/${token}`, body: { mask: text, prompt } };
}
