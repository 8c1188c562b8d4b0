import type { Canvas } from '../canvas.ts';
import type { Chance } from '../chance.ts';
import { type Colour, hex } from '../colour.ts';
import type { Ink } from '../palette.ts';
import type { SettingName } from '../settings/settings.ts';

/** What a subject is drawn with. */
export type Pen = {
  canvas: Canvas;
  ink: Ink;
  chance: Chance;
  /** the picture's light, for windows and lamps */
  glow: Colour;
  dark: boolean;
};

/** Something that can be drawn: 100 units high, standing on 0,0, upwards negative. */
export type Subject = {
  /** where it is usually seen; `studio` when anywhere */
  at: SettingName;
  stands: 'ground' | 'air' | 'water';
  /** colours it has by nature */
  colours: [string, ...string[]];
  /** width for its height of 100 */
  width: number;
  /** height compared with a cat beside it, on a picture that has room */
  size: number;
  /** shown from the waist up: stands at the lower edge of the picture, or behind a table */
  cropped?: true;
  /** for furniture: the height at which others sit on it */
  seat?: number;
  draw(pen: Pen): string;
};

/** A fill that makes a body round: light from the upper left, shade to the lower right. */
export function rounded({ canvas, ink }: Pen): string {
  return canvas.across([
    { at: 0, colour: ink.light },
    { at: 0.45, colour: ink.main },
    { at: 1, colour: ink.shade },
  ]);
}

export function shape(d: string, fill: string, more = ''): string {
  return `<path d="${d}" fill="${fill}"${more}/>`;
}

export function line(d: string, stroke: Colour, width: number, more = ''): string {
  return `<path d="${d}" fill="none" stroke="${hex(stroke)}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${more}/>`;
}

export function oval(cx: number, cy: number, rx: number, ry: number, fill: string, more = ''): string {
  return `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill}"${more}/>`;
}

export function box(x: number, y: number, width: number, height: number, fill: string, radius = 0): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" rx="${radius}"/>`;
}
