import type { Stage } from '../stage.ts';
import { paintAbstract } from './abstract.ts';
import { paintCity } from './city.ts';
import { paintInterior } from './interior.ts';
import { paintDesert, paintForest, paintMeadow, paintMountains, paintSea } from './nature.ts';
import { paintSpace } from './space.ts';
import { paintStudio } from './studio.ts';
import { paintUnderwater } from './underwater.ts';

export type SettingName =
  | 'mountains'
  | 'sea'
  | 'forest'
  | 'desert'
  | 'meadow'
  | 'city'
  | 'space'
  | 'underwater'
  | 'interior'
  | 'studio'
  | 'abstract';

/** Where a picture takes place; each paints the whole view, figures included. */
export const settingPainters: Record<SettingName, (stage: Stage) => void> = {
  mountains: paintMountains,
  sea: paintSea,
  forest: paintForest,
  desert: paintDesert,
  meadow: paintMeadow,
  city: paintCity,
  space: paintSpace,
  underwater: paintUnderwater,
  interior: paintInterior,
  studio: paintStudio,
  abstract: paintAbstract,
};
