import fc from 'fast-check';
import { expect, test } from 'vitest';
import { customIdOf, isUnderPicture, jobOfCustomId, type Press, parseCustomId } from './custom-id.ts';
import { actionOf, factsOf, familyOf, nameOfButton } from './press-facts.ts';

const hash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';

/** Custom ids as seen from 2023 to 2026, and what this program makes of them: `button` is the API's name for it. */
interface Seen {
  customId: string;
  press: Press;
  button?: string;
  action?: string;
  family?: string;
  form?: 'always' | 'in remix mode';
  needs?: 'user session';
  whyNot?: RegExp;
}

const described = (number: number): Seen => ({
  customId: `MJ::Job::PicReader::${number}`,
  press: { kind: 'described_prompt', number },
  button: 'pic_reader',
  family: 'drawing',
  form: 'always',
});
const shortened = (number: number): Seen => ({
  customId: `MJ::Job::PromptAnalyzer::${number}`,
  press: { kind: 'shortened_prompt', number },
  button: 'prompt_analyzer',
  family: 'drawing',
  form: 'in remix mode',
});
const upscale = (name: string, model: string | null, style: string): Seen => ({
  customId: `MJ::JOB::upsample_${name}::1::${hash}::SOLO`,
  press: { kind: 'upscale', model, style },
  action: 'max_upscale',
  family: 'upscale',
});
const setting = (name: string): Seen => ({
  customId: `MJ::Settings::${name}`,
  press: { kind: 'setting', name },
  whyNot: /a setting of the account/,
});
/** Forms and pages, and the buttons of messages that are no results. */
const unknown = (customId: string, button: string): Seen => ({
  customId,
  press: { kind: 'unknown', customId },
  button,
  family: 'unknown',
});

const seen: Record<Press['kind'], Seen[]> = {
  pick: [1, 2, 3, 4].map((index) => ({
    customId: `MJ::JOB::upsample::${index}::${hash}`,
    press: { kind: 'pick', index },
    action: 'upscale',
    family: `pick ${index}`,
  })),
  variation: [1, 2, 3, 4].map((index) => ({
    customId: `MJ::JOB::variation::${index}::${hash}`,
    press: { kind: 'variation', index },
    action: 'variation',
    family: 'variation',
    form: 'in remix mode',
  })),
  reroll: [
    {
      customId: `MJ::JOB::reroll::0::${hash}::SOLO`,
      press: { kind: 'reroll' },
      action: 'reset',
      family: 'drawing',
      form: 'in remix mode',
    },
  ],
  plain_variation: [
    {
      customId: `MJ::JOB::variation::1::${hash}::SOLO`,
      press: { kind: 'plain_variation' },
      action: 'solo_variation',
      family: 'variation',
      form: 'in remix mode',
    },
  ],
  subtle_variation: [
    {
      customId: `MJ::JOB::low_variation::1::${hash}::SOLO`,
      press: { kind: 'subtle_variation' },
      action: 'solo_low_variation',
      family: 'variation',
      form: 'in remix mode',
    },
  ],
  strong_variation: [
    {
      customId: `MJ::JOB::high_variation::1::${hash}::SOLO`,
      press: { kind: 'strong_variation' },
      action: 'solo_high_variation',
      family: 'variation',
      form: 'in remix mode',
    },
  ],
  upscale: [
    upscale('v7_2x_subtle', 'v7_2x', 'subtle'),
    upscale('v7_2x_creative', 'v7_2x', 'creative'),
    upscale('v6r1_2x_subtle', 'v6r1_2x', 'subtle'),
    upscale('v6r1_2x_creative', 'v6r1_2x', 'creative'),
    upscale('v6_2x_subtle', 'v6_2x', 'subtle'),
    upscale('v6_2x_creative', 'v6_2x', 'creative'),
    upscale('v5_2x', 'v5', '2x'),
    upscale('v5_4x', 'v5', '4x'),
    upscale('max', null, 'max'),
  ],
  zoom: ([50, 75] as const).map((percent) => ({
    customId: `MJ::Outpaint::${percent}::1::${hash}::SOLO`,
    press: { kind: 'zoom', percent },
    action: 'zoomout',
    family: 'zoom',
  })),
  outpaint: [
    {
      customId: `MJ::Outpaint::100::1::${hash}::SOLO`,
      press: { kind: 'outpaint', percent: '100' },
      button: 'outpaint',
      family: 'zoom',
    },
  ],
  custom_zoom: [`MJ::CustomZoom::${hash}`, `MJ::CustomZoom::1::${hash}`].map((customId) => ({
    customId,
    press: { kind: 'custom_zoom' },
    button: 'custom_zoom',
    family: 'zoom',
    form: 'always',
    needs: 'user session',
  })),
  pan: (['left', 'right', 'up', 'down'] as const).map((direction) => ({
    customId: `MJ::JOB::pan_${direction}::1::${hash}::SOLO`,
    press: { kind: 'pan', direction },
    action: 'expand',
    family: `pan ${direction}`,
    form: 'in remix mode',
  })),
  region: [
    {
      customId: `MJ::Inpaint::1::${hash}::SOLO`,
      press: { kind: 'region' },
      action: 'vary_region',
      family: 'region',
      form: 'always',
      needs: 'user session',
    },
  ],
  animate: (['high', 'low'] as const).map((motion) => ({
    customId: `MJ::JOB::animate_${motion}::1::${hash}::SOLO`,
    press: { kind: 'animate', motion },
    action: 'animate',
    form: 'in remix mode',
    family: `animate ${motion}`,
  })),
  extend_video: (['high', 'low'] as const).flatMap((motion) =>
    [`1::${hash}::SOLO`, `1::${hash}`, `3::${hash}`].map((end) => ({
      customId: `MJ::JOB::animate_${motion}_extend::${end}`,
      press: { kind: 'extend_video', motion, video: end.charAt(0) },
      action: 'extend',
      form: 'in remix mode',
      family: `animate ${motion}`,
    })),
  ),
  pick_video: [1, 2, 3, 4].map((index) => ({
    customId: `MJ::JOB::video_virtual_upscale::${index}::${hash}`,
    press: { kind: 'pick_video', index },
    action: 'video_upscale',
    family: `video ${index}`,
  })),
  described_prompt: [1, 2, 3, 4].map(described),
  shortened_prompt: [1, 2, 3, 4, 5].map(shortened),
  all_prompts: [
    {
      customId: 'MJ::Job::PicReader::all',
      press: { kind: 'all_prompts', of: 'description' },
      whyNot: /all texts at once/,
    },
    {
      customId: 'MJ::Job::PromptAnalyzer::all',
      press: { kind: 'all_prompts', of: 'shortening' },
      whyNot: /all texts at once/,
    },
  ],
  describe_again: [
    {
      customId: 'MJ::Picread::Retry',
      press: { kind: 'describe_again' },
      button: 'picread',
      family: 'description',
    },
  ],
  favourite: [{ customId: `MJ::BOOKMARK::${hash}`, press: { kind: 'favourite' }, whyNot: /favourite/ }],
  cancel: [
    { customId: `MJ::CancelJob::ByJobid::${hash}`, press: { kind: 'cancel' }, whyNot: /cancels the job/ },
  ],
  appeal: [
    { customId: 'MJ::Prompts::Appeal::7_dEy36TiEY', press: { kind: 'appeal' }, whyNot: /it has refused/ },
  ],
  setting: ['VersionSelector', 'HighVariabilityMode::1', 'RelaxMode::on', 'RelaxMode::off'].map(setting),
  unknown: [
    unknown(`MJ::JOB::dream::1::${hash}::SOLO`, 'dream'),
    unknown('MJ::Moderation::Acknowledge::abc123', 'moderation'),
    unknown('MJ::Moderation::Resubmit::abc123', 'moderation'),
    unknown('MJ::Verify::a', 'verify'),
    unknown(`MJ::RemixModal::${hash}::1::1`, 'remix_modal'),
    unknown('MJ::RemixModal::new_prompt', 'remix_modal'),
    unknown(`MJ::PanModal::left::${hash}::1`, 'pan_modal'),
    unknown('MJ::PanModal::prompt', 'pan_modal'),
    unknown('MJ::ImagineModal::1279000000000000000', 'imagine_modal'),
    unknown('MJ::ImagineModal::new_prompt', 'imagine_modal'),
    unknown('MJ::Picreader::Modal::1', 'picreader'),
    unknown('MJ::Picreader::Modal::PromptField', 'picreader'),
    unknown(`MJ::AnimateModal::${hash}::1::low::0`, 'animate_modal'),
    unknown('MJ::AnimateModal::prompt', 'animate_modal'),
    unknown(`MJ::OutpaintCustomZoomModal::${hash}`, 'outpaint_custom_zoom_modal'),
    unknown('MJ::OutpaintCustomZoomModal::prompt', 'outpaint_custom_zoom_modal'),
    unknown('MJ::iframe::U3NmeM-lDTrmTCN_QY5n4DXvjrQRPGOZrQi', 'iframe'),
    unknown('', ''),
  ],
};
const all = Object.values(seen).flat();

test.each(all)('$customId', ({ customId, press, button, action, family, form, needs, whyNot }) => {
  expect(parseCustomId(customId)).toEqual(press);
  const facts = factsOf(press);
  expect(actionOf(customId)).toBe(action);
  if (!facts.draws) {
    expect(facts.whyNot).toMatch(whyNot ?? /^$/);
    return;
  }
  expect(nameOfButton(customId)).toBe(action ?? button);
  expect(familyOf(press)).toBe(family);
  expect([facts.form, facts.needs]).toEqual([form ?? 'never', needs]);
  expect(whyNot).toBeUndefined();
});

test.each(Object.entries(seen).filter(([kind]) => kind !== 'appeal'))(
  'a press of kind %s is written as it was seen',
  (_kind, [first]) => {
    expect(first && customIdOf(first.press, hash)).toBe(first?.customId);
  },
);

test('a press that is written is read as the same', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const press: fc.Arbitrary<Press> = fc.oneof(
    fc.constantFrom(...all.map((each) => each.press)),
    fc.record({ kind: fc.constant('setting'), name: word }),
    fc.record({
      kind: fc.constant('upscale'),
      model: fc.option(fc.stringMatching(/^[a-z0-9]{1,4}(_[a-z0-9]{1,4})?$/)),
      style: word,
    }),
    fc.record({
      kind: fc.constant('outpaint'),
      percent: word.filter((percent) => !['50', '75'].includes(percent)),
    }),
  );
  fc.assert(
    fc.property(press, fc.uuid(), (pressed, job) => {
      expect(parseCustomId(customIdOf(pressed, job))).toEqual(pressed);
    }),
  );
});

test.each([
  [`MJ::JOB::upsample::1::${hash}`, hash],
  [`MJ::Outpaint::50::1::${hash}::SOLO`, hash],
  [`MJ::JOB::dream::1::${hash}::SOLO`, hash],
  ['MJ::Job::PicReader::1', undefined],
])('the job of %s', (customId, job) => {
  expect(jobOfCustomId(customId)).toBe(job);
});

test('buttons under pictures are recognised, also those that are new', () => {
  expect(
    [`MJ::JOB::dream::1::${hash}`, 'MJ::Job::PicReader::1', 'MJ::Verify::a'].map(isUnderPicture),
  ).toEqual([true, false, false]);
});
