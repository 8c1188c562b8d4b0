import { hex, lighter, mix } from '../colour.ts';
import { line, oval, type Pen, rounded, type Subject, shape } from './subject.ts';

/** Animals of the air and the water, and the dragon. */
export const creatures = {
  owl: { at: 'studio', stands: 'ground', colours: ['#9a6b45', '#7c6f82'], width: 62, size: 0.9, draw: owl },
  penguin: { at: 'studio', stands: 'ground', colours: ['#2d3448'], width: 58, size: 1, draw: penguin },
  bird: {
    at: 'studio',
    stands: 'ground',
    colours: ['#3f8fc4', '#d9573f', '#e9b13c', '#4a9d78'],
    width: 100,
    size: 0.75,
    draw: bird,
  },
  butterfly: {
    at: 'meadow',
    stands: 'air',
    colours: ['#f0883e', '#4b83d1', '#c65bb0'],
    width: 120,
    size: 0.75,
    draw: butterfly,
  },
  fish: {
    at: 'underwater',
    stands: 'air',
    colours: ['#f5803e', '#f4c33f', '#e4567a', '#4fb6d0'],
    width: 165,
    size: 0.62,
    draw: fish,
  },
  whale: {
    at: 'underwater',
    stands: 'air',
    colours: ['#3f6f9e', '#5a7fa8'],
    width: 210,
    size: 0.85,
    draw: whale,
  },
  jellyfish: {
    at: 'underwater',
    stands: 'air',
    colours: ['#f09ac0', '#a98bf0', '#7fd6e0'],
    width: 66,
    size: 1,
    draw: jellyfish,
  },
  turtle: {
    at: 'underwater',
    stands: 'air',
    colours: ['#5f9d68', '#7c8f4a'],
    width: 170,
    size: 0.6,
    draw: turtle,
  },
  dragon: {
    at: 'mountains',
    stands: 'ground',
    colours: ['#2f8f6d', '#a83246', '#4a5fae'],
    width: 130,
    size: 1.5,
    draw: dragon,
  },
} satisfies Record<string, Subject>;

function owl(pen: Pen): string {
  const { ink } = pen;
  const body = rounded(pen);
  const feathers = [0, 1, 2, 3].map((row) =>
    Array.from({ length: 4 - (row % 2) }, (_, i) =>
      line(`M${-13 + i * 8 + (row % 2) * 4},${-38 + row * 9}q3,4 6,0`, ink.shade, 1.4),
    ).join(''),
  );
  const eye = (x: number) =>
    oval(x, -71, 12, 12.5, hex(ink.pale)) +
    oval(x, -71, 7.5, 7.8, hex(mix(ink.accent, { l: 0.8, c: 0.16, h: 85 }, 0.6))) +
    oval(x, -71, 4.6, 5, hex(ink.deep)) +
    oval(x + 1.7, -73, 1.6, 1.6, '#fff');
  return [
    shape('M-28,-84L-27,-101L-12,-91H12L27,-101L28,-84C35,-40 24,0 0,0C-24,0 -35,-40 -28,-84Z', body),
    shape(
      'M-18,-46C-8,-54 8,-54 18,-46C20,-20 12,-5 0,-4C-12,-5 -20,-20 -18,-46Z',
      hex(ink.pale),
      ' opacity=".75"',
    ),
    ...feathers,
    shape(
      'M-29,-60C-38,-40 -32,-18 -20,-8C-22,-30 -22,-46 -29,-60ZM29,-60C38,-40 32,-18 20,-8C22,-30 22,-46 29,-60Z',
      hex(ink.shade),
    ),
    eye(-12),
    eye(12),
    shape('M-4,-67L4,-67L0,-58Z', hex(mix(ink.accent, { l: 0.75, c: 0.15, h: 70 }, 0.7))),
    line('M-9,0v-4M-6,0v-4M6,0v-4M9,0v-4', mix(ink.accent, ink.deep, 0.2), 2.4),
  ].join('');
}

function penguin(pen: Pen): string {
  const { ink } = pen;
  const beak = hex(mix(ink.accent, { l: 0.76, c: 0.16, h: 65 }, 0.7));
  return [
    oval(-12, -1, 12, 4.5, beak),
    oval(12, -1, 12, 4.5, beak),
    shape(
      'M-28,-56C-42,-40 -42,-24 -36,-20C-32,-28 -28,-36 -26,-44ZM28,-56C42,-40 42,-24 36,-20C32,-28 28,-36 26,-44Z',
      hex(ink.shade),
    ),
    shape(
      'M0,-100C20,-100 25,-84 25,-72C32,-50 32,0 0,-1C-32,0 -32,-50 -25,-72C-25,-84 -20,-100 0,-100Z',
      rounded(pen),
    ),
    shape('M0,-50C20,-58 24,-30 20,-14C14,-3 -14,-3 -20,-14C-24,-30 -20,-58 0,-50Z', '#fbf8f0'),
    shape(
      'M0,-74C4,-88 20,-88 19,-72C18,-58 8,-54 0,-54C-8,-54 -18,-58 -19,-72C-20,-88 -4,-88 0,-74Z',
      '#fbf8f0',
    ),
    oval(-8, -76, 3, 3.6, '#15151c'),
    oval(8, -76, 3, 3.6, '#15151c'),
    oval(-7, -77.5, 1, 1, '#fff'),
    oval(9, -77.5, 1, 1, '#fff'),
    shape('M-6,-69Q0,-74 6,-69Q0,-61 -6,-69Z', beak),
    oval(-14, -66, 3.6, 2.2, hex(ink.accent), ' opacity=".45"'),
    oval(14, -66, 3.6, 2.2, hex(ink.accent), ' opacity=".45"'),
  ].join('');
}

function bird(pen: Pen): string {
  const { ink, canvas } = pen;
  const wing = canvas.across([
    { at: 0, colour: ink.shade },
    { at: 1, colour: mix(ink.shade, ink.deep, 0.5) },
  ]);
  return [
    line('M-3,-14L-6,0H-14M-6,0H2M8,-14L8,0H0M8,0H16', mix(ink.deep, ink.accent, 0.3), 2.2),
    shape('M20,-42L66,-22L62,-10L14,-20Z', wing),
    shape(
      'M-44,-70C-42,-92 -20,-99 -8,-88C4,-78 26,-62 30,-38C31,-18 8,-8 -10,-12C-34,-18 -44,-44 -44,-70Z',
      rounded(pen),
    ),
    shape(
      'M-43,-64C-40,-36 -26,-14 -4,-14C8,-16 6,-34 -6,-46C-18,-58 -32,-58 -43,-64Z',
      hex(mix(ink.pale, ink.accent, 0.3)),
    ),
    shape('M-10,-56C6,-62 28,-50 44,-24C20,-16 -8,-28 -10,-56Z', wing),
    line('M2,-46C12,-44 22,-36 30,-27M2,-38C10,-34 16,-30 22,-25', ink.light, 1.3, ' opacity=".7"'),
    shape('M-42,-78L-58,-71L-43,-68Z', hex(mix(ink.accent, { l: 0.78, c: 0.15, h: 70 }, 0.7))),
    oval(-30, -78, 4, 4.2, '#17171d'),
    oval(-31.2, -79.6, 1.3, 1.3, '#fff'),
  ].join('');
}

function butterfly(pen: Pen): string {
  const { ink } = pen;
  const wing = rounded(pen);
  const half =
    shape('M3,-52C18,-96 56,-106 60,-84C63,-66 36,-46 4,-46Z', wing) +
    shape('M4,-46C34,-44 52,-28 42,-12C32,2 12,-12 3,-40Z', hex(mix(ink.main, ink.accent, 0.45))) +
    shape('M60,-84C62,-96 48,-99 38,-94C50,-90 54,-80 48,-68C56,-72 61,-78 60,-84Z', hex(ink.deep)) +
    line('M5,-49L44,-82M5,-48L50,-70M5,-44L34,-18', ink.deep, 1, ' opacity=".55"') +
    oval(40, -76, 4.5, 4.5, hex(ink.pale)) +
    oval(30, -25, 5, 5, hex(ink.pale), ' opacity=".85"') +
    oval(53, -88, 2, 2, '#fff') +
    oval(48, -93, 1.5, 1.5, '#fff');
  return [
    half,
    `<g transform="scale(-1 1)">${half}</g>`,
    line('M0,-60C-4,-76 -10,-82 -16,-86M0,-60C4,-76 10,-82 16,-86', ink.deep, 1.3),
    oval(0, -44, 3.2, 20, hex(ink.deep)),
    oval(0, -63, 4, 4.5, hex(ink.deep)),
  ].join('');
}

function fish(pen: Pen): string {
  const { ink } = pen;
  const band = hex(ink.pale);
  return [
    shape('M40,-50C58,-78 80,-86 86,-82C78,-62 78,-38 86,-18C80,-14 58,-22 40,-50Z', hex(ink.shade)),
    shape('M-20,-86C0,-104 30,-98 36,-72Z', hex(ink.shade)),
    shape('M-10,-16C0,0 20,2 26,-22Z', hex(ink.shade)),
    shape('M-78,-48C-60,-86 10,-104 54,-50C10,4 -60,-10 -78,-48Z', rounded(pen)),
    shape(
      'M-38,-80C-28,-60 -28,-36 -38,-17C-33,-14 -28,-12 -22,-11C-13,-36 -13,-60 -22,-87C-28,-86 -33,-83 -38,-80Z',
      band,
      ' opacity=".92"',
    ),
    shape('M14,-83C22,-60 22,-36 14,-15C19,-18 24,-22 29,-26C34,-44 34,-58 29,-74Z', band, ' opacity=".92"'),
    shape('M-10,-50C6,-58 20,-48 18,-36C8,-30 -4,-36 -10,-50Z', hex(ink.shade), ' opacity=".85"'),
    oval(-55, -56, 7, 7.4, '#fff'),
    oval(-56.5, -56, 4.2, 4.6, '#15151c'),
    oval(-58, -58, 1.4, 1.4, '#fff'),
    line('M-75,-43Q-68,-38 -62,-40', ink.deep, 1.6),
  ].join('');
}

function whale(pen: Pen): string {
  const { ink } = pen;
  return [
    shape(
      'M72,-42C84,-58 86,-76 80,-94C94,-90 100,-80 102,-74C108,-82 120,-86 128,-82C124,-60 108,-44 92,-34Z',
      hex(ink.shade),
    ),
    shape(
      'M-100,-40C-98,-84 -30,-98 20,-80C56,-66 80,-58 96,-50C92,-30 60,-8 10,-4C-50,0 -100,-6 -100,-40Z',
      rounded(pen),
    ),
    shape('M-99,-34C-70,-22 -20,-24 20,-12C14,-5 -10,-2 -30,-3C-70,-4 -98,-12 -99,-34Z', hex(ink.pale)),
    ...[0, 1, 2, 3].map((i) =>
      line(
        `M${-88 + i * 5},${-24 + i * 5}C-60,${-18 + i * 4} -30,${-16 + i * 4} ${2 - i * 8},${-11 + i * 2.5}`,
        ink.main,
        1,
        ' opacity=".7"',
      ),
    ),
    shape('M-28,-24C-18,-4 4,12 18,10C16,-8 4,-22 -12,-28Z', hex(ink.shade)),
    oval(-62, -44, 3.8, 4.2, hex(ink.deep)),
    oval(-63.2, -45.6, 1.3, 1.3, '#fff'),
    line('M-97,-36C-88,-30 -76,-30 -68,-34', ink.deep, 1.4),
    ...[
      [-40, -76],
      [-22, -80],
      [4, -74],
      [24, -66],
      [-10, -70],
    ].map(([x = 0, y = 0]) => oval(x, y, 2.2, 1.5, hex(ink.light), ' opacity=".6"')),
  ].join('');
}

function jellyfish(pen: Pen): string {
  const { ink, chance } = pen;
  const arms = Array.from({ length: 7 }, (_, i) => {
    const x = -21 + i * 7;
    const sway = chance.between(-9, 9, 'jelly.arm', i);
    return line(
      `M${x},-58C${(x + sway).toFixed(1)},-42 ${(x - sway).toFixed(1)},-24 ${(x + sway * 0.7).toFixed(1)},${(-10 + Math.abs(i - 3) * 4).toFixed(1)}`,
      i % 2 ? ink.light : ink.accent,
      i % 2 ? 2.6 : 1.4,
      ' opacity=".75"',
    );
  });
  return [
    ...arms,
    shape(
      'M-33,-58C-36,-92 -14,-100 0,-100C14,-100 36,-92 33,-58C28,-53 24,-60 19,-56C14,-52 8,-60 0,-56C-8,-60 -14,-52 -19,-56C-24,-60 -28,-53 -33,-58Z',
      rounded(pen),
      ' opacity=".92"',
    ),
    shape('M-20,-66C-20,-86 -8,-92 0,-92C6,-92 -8,-82 -10,-66Z', '#fff', ' opacity=".4"'),
    ...[-14, 0, 14].map((x) => oval(x, -68, 4, 6, hex(ink.pale), ' opacity=".45"')),
  ].join('');
}

function turtle(pen: Pen): string {
  const { ink } = pen;
  const skin = hex(mix(ink.pale, ink.main, 0.35));
  return [
    shape('M46,-26L76,-14L48,-12Z', skin),
    shape('M-30,-26C-50,-4 -70,10 -76,2C-74,-12 -56,-30 -40,-38Z', skin),
    shape('M28,-22C36,-4 50,4 56,-2C54,-12 46,-24 38,-30Z', skin),
    oval(-66, -46, 17, 13, skin),
    oval(-72, -50, 2.8, 3.2, hex(ink.deep)),
    line('M-82,-42Q-74,-37 -68,-40', ink.deep, 1.2),
    shape('M-54,-34C-48,-84 36,-96 54,-28C30,-14 -34,-16 -54,-34Z', rounded(pen)),
    line(
      'M-24,-74L-14,-52L-30,-30M-14,-52H14L26,-76M14,-52L30,-28M-4,-18L-14,-52M-4,-18L14,-52',
      ink.deep,
      2,
      ' opacity=".35"',
    ),
    shape('M-54,-34C-34,-16 30,-14 54,-28L52,-22C30,-8 -36,-10 -54,-34Z', hex(ink.pale)),
  ].join('');
}

function dragon(pen: Pen): string {
  const { ink } = pen;
  const wing = hex(lighter(mix(ink.shade, ink.accent, 0.25), -0.03));
  const spikes = [
    [-13, -74],
    [-7, -64],
    [-1, -56],
    [8, -48],
    [20, -40],
    [32, -31],
  ].map(([x = 0, y = 0]) =>
    shape(`M${x - 4},${y + 3}L${x + 5},${y - 9}L${x + 6},${y + 5}Z`, hex(ink.accent)),
  );
  return [
    shape(
      'M-2,-50C6,-84 30,-104 62,-106C54,-96 54,-88 58,-82C50,-82 46,-76 48,-68C40,-68 34,-62 34,-52C26,-54 12,-50 6,-40Z',
      wing,
      ' opacity=".9"',
    ),
    line(
      'M2,-48C16,-76 34,-96 62,-106M4,-46C20,-66 38,-78 58,-82M5,-43C16,-54 30,-62 48,-68',
      ink.deep,
      1.2,
      ' opacity=".6"',
    ),
    ...spikes,
    line('M26,-16C52,-2 74,-14 64,-34C62,-39 56,-37 57,-32', ink.shade, 7),
    shape('M61,-40L52,-34L60,-27L66,-34Z', hex(ink.accent)),
    shape(
      'M-34,-90C-20,-98 -8,-88 -10,-74C-10,-60 4,-56 20,-44C40,-30 40,-4 20,0H-14C-26,-6 -28,-24 -22,-38C-18,-50 -22,-60 -26,-70Z',
      rounded(pen),
    ),
    shape(
      'M-24,-72C-16,-58 -18,-46 -22,-36C-27,-22 -24,-6 -14,-1C-6,-8 -10,-26 -10,-38C-8,-52 -14,-62 -18,-74Z',
      hex(ink.pale),
      ' opacity=".85"',
    ),
    shape('M-26,-95L-12,-108L-16,-92ZM-20,-94L-2,-102L-11,-88Z', hex(ink.pale)),
    shape(
      'M-14,-92C-24,-99 -40,-94 -56,-82C-58,-76 -50,-73 -42,-74L-24,-68C-12,-70 -8,-82 -14,-92Z',
      rounded(pen),
    ),
    oval(-27, -84, 3.3, 3.6, hex({ l: 0.85, c: 0.16, h: 95 })),
    oval(-27.6, -84, 1.2, 3, '#16161c'),
    oval(-52, -81.5, 1.3, 1, hex(ink.deep)),
    line('M-54,-76C-46,-74 -38,-77 -31,-75', ink.deep, 1.1),
    shape('M-20,1C-22,-14 -8,-18 -2,-10L0,1ZM8,1C4,-18 24,-22 28,-10L28,1Z', hex(ink.shade)),
    ...[-18, -11, -4, 11, 18, 25].map((x) => shape(`M${x - 3},1L${x},-5L${x + 3},1Z`, hex(ink.pale))),
  ].join('');
}
