import { expect, test } from 'vitest';
import { jobIdOf } from './job-id.ts';

const hash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const other = '11111111-c2f0-4adf-a124-0020fb9f867f';
const buttons = (...components: { custom_id?: string; url?: string }[]) => [
  { type: 1, components: components.map((each) => ({ type: 2, ...each })) },
];
const cancel = { custom_id: `MJ::CancelJob::ByJobid::${hash}` };
const link = { url: `https://www.midjourney.com/jobs/${hash}?index=0` };
const reroll = { custom_id: `MJ::JOB::reroll::0::${hash}::SOLO` };
const ofOther = { custom_id: `MJ::JOB::upsample::1::${other}` };

test.each([
  ['at the end of a picture’s file name', `user_a_cute_cat_${hash}.png`, [], hash],
  ['alone', `${hash}.webp`, [], hash],
  ['in capitals', `${hash.toUpperCase()}.webp`, [], hash],
  ['at the start of a preview’s', `${hash}_grid_0.webp`, [], hash],
  ['in no file name', 'cat.png', [], undefined],
  ['in a link', 'cat.png', buttons(ofOther, link), hash],
  ['in a link of 2023', 'cat.png', buttons({ url: `https://www.midjourney.com/app/jobs/${hash}/` }), hash],
  ['in a button', 'cat.png', buttons({ custom_id: 'MJ::Job::PicReader::1' }, reroll), hash],
  ['in a file name rather than in buttons', `cat_${hash}.png`, buttons(ofOther), hash],
  ['in the cancel button rather than in a file name', `cat_${other}.png`, buttons(ofOther, cancel), hash],
])('a job’s id %s', (_where, filename, components, expected) => {
  expect(jobIdOf({ attachments: [{ filename }], components })).toBe(expected);
});
