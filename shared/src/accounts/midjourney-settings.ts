/** How an account is set at Midjourney, as the menu of `/settings` shows it. What it does not show is null. */
export interface MidjourneySettings {
  /** Whether pressing a button opens a form for another prompt. */
  remix: boolean | null;
  /** The model of prompts that name none, in the words of the menu. */
  model: string | null;
}
