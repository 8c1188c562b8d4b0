import type { Config } from '@midjourney-api/shared/config/config';
import { fetch } from 'undici';
import { z } from 'zod';
import type { WebPage } from '../discord/channel-event.ts';
import type { AccountProxy } from '../discord/proxy.ts';

export type CheckAddresses = Pick<Config, 'DISCORDSAYS_URL' | 'MIDJOURNEY_EDITOR_URL'>;

const answerSchema = z.object({ hash: z.string().min(1), token: z.string().min(1) });
const timeLimitMs = 10_000;

/**
 * Finds out where a person can answer Midjourney's human check, as public clients do. The program does not answer it.
 * @returns undefined for a page that is no human check.
 * @throws when the host of the check does not say.
 */
export async function findCheckLink(
  page: Pick<WebPage, 'customId' | 'applicationId'>,
  addresses: CheckAddresses,
  proxy: AccountProxy | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const asked = checkAddress(page, addresses);
  if (!asked) return undefined;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]);
  const response = await fetch(asked, {
    ...(proxy && { dispatcher: proxy.dispatcher }),
    signal: limit,
    redirect: 'error',
  });
  if (!response.ok) throw new Error(`The host of the check answered ${response.status}.`);
  const { hash, token } = answerSchema.parse(await response.json());
  const link = new URL(`${addresses.MIDJOURNEY_EDITOR_URL.replace(/\/$/, '')}/captcha/challenge/index.html`);
  link.search = new URLSearchParams({ hash, token }).toString();
  return link.href;
}

/** Where to ask for the hash and token with which the check's own page is opened; of well-formed ids only. */
export function checkAddress(
  { customId, applicationId }: Pick<WebPage, 'customId' | 'applicationId'>,
  { DISCORDSAYS_URL }: Pick<CheckAddresses, 'DISCORDSAYS_URL'>,
): string | undefined {
  const hash = /^MJ::iframe::([\w-]{1,200})$/.exec(customId)?.[1];
  if (!hash || !applicationId || !/^\d+$/.test(applicationId)) return undefined;
  const host = DISCORDSAYS_URL.replace('{application}', applicationId).replace(/\/$/, '');
  return `${host}/captcha/api/c/${hash}/ack?hash=1`;
}
