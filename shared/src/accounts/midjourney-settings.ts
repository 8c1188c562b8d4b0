import { z } from 'zod';
import { type Speed, speeds } from '../tasks/task.ts';

/** An account's settings at Midjourney, as the `/settings` menu shows them. What it does not show is null. */
export interface MidjourneySettings {
  /** Whether buttons open a form for a changed prompt. */
  remix: boolean | null;
  /** The model for prompts that name none, in the words of the menu. */
  model: string | null;
}

/** The whole menu. */
export interface SettingsMenu extends MidjourneySettings {
  speed: Speed | null;
  variability: 'high' | 'low' | null;
  stealth: boolean | null;
  raw: boolean | null;
  /** The shorter side of videos, in pixels. */
  video_resolution: 480 | 720 | null;
}

/** Settings to change. `model` is as in prompts, such as `8.1` or `niji 7`, or `default`. */
export const wantedSettingsSchema = z.strictObject({
  model: z.string().min(1).max(32).optional(),
  remix: z.boolean().optional(),
  speed: z.enum(speeds).optional(),
  variability: z.enum(['high', 'low']).optional(),
  stealth: z.boolean().optional(),
  raw: z.boolean().optional(),
  video_resolution: z.union([z.literal(480), z.literal(720)]).optional(),
});
export type WantedSettings = z.output<typeof wantedSettingsSchema>;
export type SettingName = keyof WantedSettings;

/** The outcome of changing settings, as the menu shows it in the end. */
export interface ChangedSettings {
  settings: SettingsMenu;
  applied: SettingName[];
  refused: { setting: SettingName; reason: string }[];
}
