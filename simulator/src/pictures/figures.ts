import { bottom, n, place, right } from './canvas.ts';
import { colour, mix } from './colour.ts';
import { inkFor } from './palette.ts';
import type { Figure } from './reading.ts';
import type { Stage } from './stage.ts';
import { subjects } from './subjects/subjects.ts';

/** Where figures stand: the height of the ground, and how tall one of size 1 is. */
export type Ground = { y: number; tall: number; shadow: number };

const mostAtOnce = 6;

/** Paints the figures of the reading, side by side, on furniture where there is any. */
export function paintFigures(stage: Stage, ground: Ground): void {
  const { figures } = stage.reading;
  const everyone = figures.flatMap((figure) =>
    Array.from({ length: figure.count }, (_, index) => ({ figure, index })),
  );
  const seats = everyone.filter(({ figure }) => subjects[figure.name].seat !== undefined).slice(0, 1);
  const seat = seats[0];
  const others = everyone.filter((one) => one !== seat).slice(0, mostAtOnce);
  const room = stage.home.width * 0.88;

  if (seat) {
    const subject = subjects[seat.figure.name];
    const wanted = (ground.tall * subject.size * subject.width) / 100;
    const scale = (ground.tall * subject.size * Math.min(1, room / wanted)) / 100;
    const x = stage.chance.between(-50, 50, 'seat.x');
    paintFigure(stage, seat.figure, 0, { x, y: ground.y, scale, shadow: ground.shadow });
    const seatRoom = subject.width * scale * 0.7;
    row(stage, others, {
      x: x + stage.chance.between(-0.24, 0.24, 'seat.where') * seatRoom,
      y: ground.y - (subject.seat ?? 0) * scale + 14,
      tall: ground.tall * 0.9,
      room: seatRoom,
      shadow: 0.4,
    });
    return;
  }
  const offset = everyone.length === 1 ? stage.chance.between(-0.09, 0.09, 'figure.x') * stage.home.width : 0;
  row(stage, others, { x: offset, y: ground.y, tall: ground.tall, room, shadow: ground.shadow });
}

function row(
  stage: Stage,
  everyone: { figure: Figure; index: number }[],
  { x, y, tall, room, shadow }: { x: number; y: number; tall: number; room: number; shadow: number },
): void {
  const widths = everyone.map(({ figure, index }) => {
    const subject = subjects[figure.name];
    return (
      (subject.width * subject.size * tall * stage.chance.between(0.86, 1.06, `size.${figure.name}`, index)) /
      100
    );
  });
  const total = widths.reduce((sum, width) => sum + width * 1.12, 0);
  const shrink = Math.min(1, room / Math.max(1, total));
  let left = x - (total * shrink) / 2;
  everyone.forEach(({ figure, index }, position) => {
    const subject = subjects[figure.name];
    const width = (widths[position] ?? 0) * shrink;
    const scale = width / subject.width;
    const middle = left + width * 0.56;
    left += width * 1.12;
    const floats = subject.stands === 'air';
    const lift = floats ? stage.chance.between(60, 190, `lift.${figure.name}`, index) : 0;
    const step =
      everyone.length > 1 && !floats ? stage.chance.between(-8, 34, `step.${figure.name}`, index) : 0;
    paintFigure(stage, figure, index, { x: middle, y: y - lift + step, scale, shadow: floats ? 0 : shadow });
  });
}

function paintFigure(
  { canvas, palette, chance, home }: Stage,
  figure: Figure,
  index: number,
  { x, y, scale, shadow }: { x: number; y: number; scale: number; shadow: number },
): void {
  const subject = subjects[figure.name];
  const base = figure.colour ?? colour(chance.pick(subject.colours, `colour.${figure.name}`, index));
  const turn = chance.between(-8, 8, `hue.${figure.name}`, index);
  const ink = inkFor({ ...base, h: (base.h + (figure.colour ? turn / 3 : turn) + 360) % 360 }, palette);
  const accents = palette.accents;
  ink.accent = mix(
    accents[(index + (chance.happens(0.5, 'accent') ? 1 : 0)) % 3] ?? accents[0],
    palette.light,
    0.08,
  );
  if (shadow > 0) {
    const fill = canvas.radial([
      { at: 0, colour: palette.near, opacity: shadow },
      { at: 0.55, colour: palette.near, opacity: shadow * 0.5 },
      { at: 1, colour: palette.near, opacity: 0 },
    ]);
    canvas.add(
      `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(subject.width * scale * 0.62)}" ry="${n(9 * scale)}" fill="${fill}"/>`,
    );
  }
  // Whoever stands off the middle looks towards it.
  const flip =
    x > home.left + home.width * 0.62 ||
    (x < right(home) - home.width * 0.62 ? false : chance.happens(0.4, `flip.${figure.name}`, index));
  const lean = subject.stands === 'air' ? chance.between(-7, 7, `lean.${figure.name}`, index) : 0;
  const drawn = subject.draw({ canvas, ink, chance, glow: palette.light, dark: palette.dark });
  const limit = bottom(home) + 400;
  canvas.add(
    place(
      lean ? `<g transform="rotate(${n(lean)} 0 -50)">${drawn}</g>` : drawn,
      x,
      Math.min(y, limit),
      scale,
      flip,
    ),
  );
}
