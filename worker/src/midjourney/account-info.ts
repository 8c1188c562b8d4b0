import type { AccountInfo } from '@midjourney-api/shared/accounts/account-info';

/** Reads the text of `/info`: lines such as `**Job Mode**: Fast`, as public clients show them. */
export function readAccountInfo(description: string): AccountInfo {
  const fields = Object.fromEntries(
    [...description.matchAll(/^\*\*(.+?)\*\*:[ \t]*(.*)$/gm)].map(([, name = '', value = '']) => [
      name.trim(),
      value.trim(),
    ]),
  );
  const hours = /^([\d.]+)\/([\d.]+) hours/.exec(fields['Fast Time Remaining'] ?? '');
  return {
    subscription: fields.Subscription ?? null,
    mode: fields['Job Mode'] ?? null,
    fast_hours_left: numberOf(hours?.[1]),
    fast_hours_total: numberOf(hours?.[2]),
    queued: { fast: numberOf(fields['Queued Jobs (fast)']), relax: numberOf(fields['Queued Jobs (relax)']) },
    running: fields['Running Jobs'] === 'None' ? 0 : numberOf(fields['Running Jobs']),
    fields,
  };
}

function numberOf(text: string | undefined): number | null {
  const number = /^\d+(?:\.\d+)?/.exec(text ?? '')?.[0];
  return number === undefined ? null : Number(number);
}
