import { expect, test } from 'vitest';
import { type Button, type PressFields, pressOf } from './buttons.ts';

test.each<[button: Button, fields: PressFields | undefined, path: string, body: object]>([
  ['U2', undefined, '/action', { label: 'U2' }],
  [
    'Custom Zoom',
    { prompt: 'a frame --zoom 2' },
    '/action',
    { label: 'Custom Zoom', prompt: 'a frame --zoom 2' },
  ],
  ['MJ::JOB::pan_left::1::x::SOLO', undefined, '/action', { custom_id: 'MJ::JOB::pan_left::1::x::SOLO' }],
  ['MJ::BOOKMARK::x', { state: 'mine' }, '/action', { custom_id: 'MJ::BOOKMARK::x', state: 'mine' }],
  [{ kind: 'upscale', index: 2 }, undefined, '/upscale', { index: 2 }],
  [
    { kind: 'expand', direction: 'left', state: 'mine' },
    undefined,
    '/expand',
    { direction: 'left', state: 'mine' },
  ],
  [{ kind: 'solo_low_variation' }, undefined, '/solo_low_variation', {}],
])('%j with %j is %s', (button, fields, path, body) => {
  expect(pressOf('7', button, fields)).toEqual({ path, body: { trigger_id: '7', ...body } });
});
