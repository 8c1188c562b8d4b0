import type { Canvas, View } from './canvas.ts';
import type { Chance } from './chance.ts';
import type { Palette } from './palette.ts';
import type { Reading } from './reading.ts';

/** Everything a setting needs to paint itself. */
export type Stage = {
  canvas: Canvas;
  palette: Palette;
  chance: Chance;
  reading: Reading;
  /** what the first drawing showed: figures stand here, however far the camera has gone since */
  home: View;
};
