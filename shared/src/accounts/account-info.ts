/** What Midjourney's `/info` says about an account. What it does not say is null. */
export interface AccountInfo {
  subscription: string | null;
  /** Fast, Relaxed or Turbo: the speed of prompts that name none. */
  mode: string | null;
  fast_hours_left: number | null;
  fast_hours_total: number | null;
  /** Jobs waiting at Midjourney. */
  queued: { fast: number | null; relax: number | null };
  running: number | null;
  /** Every line of the answer, in Midjourney's words. */
  fields: Record<string, string>;
}
