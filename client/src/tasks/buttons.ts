import type { RequestOf } from '../routes/types.ts';

/** The kinds of buttons with their own route, named after it. */
interface Kinds {
  upscale: RequestOf<'upscale'>;
  variation: RequestOf<'variation'>;
  reset: RequestOf<'reset'>;
  solo_variation: RequestOf<'soloVariation'>;
  solo_low_variation: RequestOf<'soloLowVariation'>;
  solo_high_variation: RequestOf<'soloHighVariation'>;
  expand: RequestOf<'expand'>;
  zoomout: RequestOf<'zoomout'>;
  vary_region: RequestOf<'varyRegion'>;
  max_upscale: RequestOf<'maxUpscale'>;
  animate: RequestOf<'animate'>;
  video_upscale: RequestOf<'videoUpscale'>;
  extend: RequestOf<'extend'>;
}

type WithoutParent<Body> = Body extends unknown ? Omit<Body, 'trigger_id'> : never;

type Kind = { [Name in keyof Kinds]: { kind: Name } & WithoutParent<Kinds[Name]> }[keyof Kinds];

/** A button: its label, its `custom_id`, or its kind with its fields, as in `{ kind: 'upscale', index: 2 }`. */
export type Button = string | Kind;

/** The fields for a button given by its label or `custom_id`. */
export type PressFields = Omit<RequestOf<'action'>, 'trigger_id' | 'label' | 'custom_id'>;

/** @returns the route that presses the button, and its body */
export function pressOf(
  parentId: string,
  button: Button,
  fields: PressFields = {},
): { path: string; body: object } {
  const parent = { trigger_id: parentId };
  if (typeof button !== 'string') {
    const { kind, ...rest } = button;
    return { path: `/${kind}`, body: { ...parent, ...rest } };
  }
  const named = button.startsWith('MJ::') ? { custom_id: button } : { label: button };
  return { path: '/action', body: { ...parent, ...named, ...fields } };
}
