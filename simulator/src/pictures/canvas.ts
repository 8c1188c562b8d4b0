import { type Colour, hex } from './colour.ts';

/** A part of the endless scene, in its own units: the shorter side of a first drawing is 1000, its middle is 0,0. */
export type View = { left: number; top: number; width: number; height: number };

export type Stop = { at: number; colour: Colour; opacity?: number };

/** Collects the shapes of an SVG, in the order in which they are painted, and the gradients they use. */
export class Canvas {
  readonly view: View;
  readonly #definitions: Map<string, string>;
  readonly #shapes: string[] = [];

  constructor(view: View, definitions = new Map<string, string>()) {
    this.view = view;
    this.#definitions = definitions;
  }

  add(...shapes: string[]): void {
    this.#shapes.push(...shapes);
  }

  /** A fill that changes from top to bottom between two heights. */
  vertical(top: number, bottom: number, stops: Stop[]): string {
    return this.#define(
      `<linearGradient gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${n(top)}" y2="${n(bottom)}"`,
      stops,
      'linearGradient',
    );
  }

  /** A fill across the shape it is used for, by default from its upper left to its lower right. */
  across(stops: Stop[], { x1 = 0.1, y1 = 0, x2 = 0.9, y2 = 1 } = {}): string {
    return this.#define(
      `<linearGradient x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"`,
      stops,
      'linearGradient',
    );
  }

  /** A fill from the middle of the shape it is used for. */
  radial(stops: Stop[], { cx = 0.5, cy = 0.5, r = 0.5 } = {}): string {
    return this.#define(`<radialGradient cx="${cx}" cy="${cy}" r="${r}"`, stops, 'radialGradient');
  }

  /** A whole-view fill. */
  flood(fill: string, opacity = 1): string {
    const { left, top, width, height } = this.view;
    return `<rect x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}" fill="${fill}" opacity="${opacity}"/>`;
  }

  /** A soft light around a point. */
  glow(x: number, y: number, radius: number, colour: Colour, opacity: number): string {
    const fill = this.radial([
      { at: 0, colour, opacity },
      { at: 0.35, colour, opacity: opacity * 0.42 },
      { at: 0.7, colour, opacity: opacity * 0.1 },
      { at: 1, colour, opacity: 0 },
    ]);
    return `<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" fill="${fill}"/>`;
  }

  /** A canvas of another part of the scene, to be shown in this one. */
  inner(view: View): Canvas {
    return new Canvas(view, this.#definitions);
  }

  /** Shows an inner canvas in a part of this one, where the mask, a PNG of that part in base64, is white. */
  addMasked(inner: Canvas, mask: string, { left, top, width, height }: View): void {
    const frame = `x="${left}" y="${top}" width="${width}" height="${height}" preserveAspectRatio="none"`;
    const image = `<image ${frame} image-rendering="optimizeSpeed" href="data:image/png;base64,${mask}"/>`;
    const area = `x="${left}" y="${top}" width="${width}" height="${height}"`;
    const id = this.#name(`<mask maskUnits="userSpaceOnUse" ${area}>${image}</mask>`);
    const { view } = inner;
    const box = `viewBox="${view.left} ${view.top} ${view.width} ${view.height}"`;
    this.add(`<g mask="url(#${id})"><svg ${frame} ${box}>${inner.#shapes.join('')}</svg></g>`);
  }

  toSvg(width: number, height: number): Buffer {
    const { left, top, width: w, height: h } = this.view;
    const definitions = [...this.#definitions].map(([definition, id]) =>
      definition.replace(' ', ` id="${id}" `),
    );
    return Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${left} ${top} ${w} ${h}" preserveAspectRatio="none"><defs>${definitions.join('')}</defs>${this.#shapes.join('')}</svg>`,
    );
  }

  #define(opening: string, stops: Stop[], element: string): string {
    const body = stops
      .map(
        ({ at, colour, opacity }) =>
          `<stop offset="${Math.round(at * 1000) / 1000}" stop-color="${hex(colour)}"${opacity === undefined ? '' : ` stop-opacity="${Math.round(opacity * 1000) / 1000}"`}/>`,
      )
      .join('');
    const definition = `${opening}>${body}</${element}>`;
    return `url(#${this.#name(definition)})`;
  }

  #name(definition: string): string {
    const id = this.#definitions.get(definition) ?? `f${this.#definitions.size}`;
    this.#definitions.set(definition, id);
    return id;
  }
}

/** A number as it is written into a path: a tenth of a unit is finer than a pixel. */
export function n(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A path through points; closed by default. */
export function polygon(points: readonly (readonly [number, number])[], close = true): string {
  return `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}${close ? 'Z' : ''}`;
}

export function place(shape: string, x: number, y: number, scale: number, flip = false): string {
  const across = Math.round(scale * 1000) / 1000;
  return `<g transform="translate(${n(x)} ${n(y)}) scale(${flip ? -across : across} ${across})">${shape}</g>`;
}

export function right(view: View): number {
  return view.left + view.width;
}

export function bottom(view: View): number {
  return view.top + view.height;
}

/** The numbers of the cells of the given width that the view touches, from the left, never more than `most`. */
export function columns(view: View, step: number, most = 160, margin = 1): number[] {
  return cellsBetween(view.left, right(view), step, most, margin);
}

/** The same from the top. */
export function rows(view: View, step: number, most = 160, margin = 1): number[] {
  return cellsBetween(view.top, bottom(view), step, most, margin);
}

// Far zooms would ask for more cells than are worth drawing: those around the middle of the scene stay.
function cellsBetween(from: number, to: number, step: number, most: number, margin: number): number[] {
  let first = Math.floor(from / step) - margin;
  let last = Math.ceil(to / step) + margin;
  if (last - first > most) {
    const middle = Math.max(first + most / 2, Math.min(last - most / 2, 0));
    first = Math.floor(middle - most / 2);
    last = first + most;
  }
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
