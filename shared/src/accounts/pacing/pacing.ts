/** How fast an account may send, so that it stays inconspicuous. null means no limit. */
export interface Pacing {
  /** Seconds between two sends. */
  min_gap: number;
  /** Maximum drawings in any 60 minutes, and in any 24 hours. */
  per_hour: number | null;
  per_day: number | null;
  /** When it may send, such as `08:00-23:00@Europe/Berlin`. */
  hours: string | null;
  /** Videos that it draws at once, in addition to pictures; null: they share the slots of pictures. */
  videos: number | null;
  /** What to do when fast hours are nearly used up: draw prompts that name no speed in relax mode, or stop. */
  when_fast_ends: 'relax' | 'stop' | null;
}

/**
 * A person can send a command in a second and a half, and can draw 200 times in an hour and 1,000 times in a day, as
 * the largest subscriptions allow. Three jobs at once stay below that by themselves.
 */
export const defaultPacing: Pacing = {
  min_gap: 1.5,
  per_hour: 200,
  per_day: 1_000,
  hours: null,
  videos: null,
  when_fast_ends: null,
};
