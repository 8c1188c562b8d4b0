/** What Midjourney's `/info` tells of an account. What it does not tell is null. */
export interface AccountInfo {
  subscription: string | null;
  /** Fast, Relaxed or Turbo: how it draws what does not ask for a speed. */
  mode: string | null;
  fast_hours_left: number | null;
  fast_hours_total: number | null;
  /** Jobs that wait at Midjourney. */
  queued: { fast: number | null; relax: number | null };
  running: number | null;
  /** Every line of the answer, in Midjourney's words. */
  fields: Record<string, string>;
}
