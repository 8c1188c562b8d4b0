import type { MidjourneySettings } from '@midjourney-api/shared/accounts/midjourney-settings';
import { buttonsIn } from '@midjourney-api/shared/midjourney/components';
import { z } from 'zod';

/** A toggle that is on is green. https://discord.com/developers/docs/components/reference#button-button-styles */
const onStyle = 3;

const select = z.object({
  type: z.literal(3),
  custom_id: z.literal('MJ::Settings::VersionSelector'),
  options: z.array(z.object({ label: z.string(), default: z.boolean().default(false) })),
});
const row = z.object({ components: z.array(z.unknown()) });

/** Reads the menu that answers `/settings`. */
export function readSettingsMenu(components: readonly unknown[] | undefined = []): MidjourneySettings {
  const remix = buttonsIn(components).find(({ custom_id }) => custom_id === 'MJ::Settings::RemixMode');
  const models = components
    .flatMap((each) => row.safeParse(each).data?.components ?? [])
    .flatMap((each) => select.safeParse(each).data?.options ?? []);
  return {
    remix: remix?.style === undefined ? null : remix.style === onStyle,
    model: models.find((option) => option.default)?.label ?? null,
  };
}
