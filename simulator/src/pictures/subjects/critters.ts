import { colour, hex, lighter, mix } from '../colour.ts';
import { line, oval, type Pen, rounded, type Subject, shape } from './subject.ts';

type Build = {
  ears: 'pointed' | 'floppy' | 'round' | 'long';
  muzzle: 'small' | 'snout' | 'pig';
  marks: 'stripes' | 'panda' | 'mask' | 'patch' | 'none';
  tail: 'long' | 'bushy' | 'short';
  mane?: boolean;
};

const defaults = { at: 'studio', stands: 'ground', width: 66 } as const;

/** Four-legged animals, sitting and looking at us. */
export const critters = {
  cat: critter(
    { ears: 'pointed', muzzle: 'small', marks: 'stripes', tail: 'long' },
    ['#e8924a', '#8d8b95', '#3c3a46', '#e9d3b0'],
    1,
  ),
  dog: critter(
    { ears: 'floppy', muzzle: 'snout', marks: 'patch', tail: 'short' },
    ['#c98b4e', '#e6c08a', '#7a5236', '#d9d2c6'],
    1.05,
  ),
  fox: critter({ ears: 'pointed', muzzle: 'snout', marks: 'mask', tail: 'bushy' }, ['#df6a2b'], 1),
  wolf: critter(
    { ears: 'pointed', muzzle: 'snout', marks: 'mask', tail: 'bushy' },
    ['#6f7785', '#4c5362'],
    1.1,
  ),
  bear: critter(
    { ears: 'round', muzzle: 'snout', marks: 'none', tail: 'short' },
    ['#8a5a38', '#5e4030'],
    1.2,
  ),
  panda: critter({ ears: 'round', muzzle: 'snout', marks: 'panda', tail: 'short' }, ['#f3f0ea'], 1.15),
  rabbit: critter(
    { ears: 'long', muzzle: 'small', marks: 'none', tail: 'short' },
    ['#f1e7dc', '#b9a493', '#d8cfd0'],
    1,
  ),
  mouse: critter(
    { ears: 'round', muzzle: 'small', marks: 'none', tail: 'long' },
    ['#a9a3ad', '#d6bfa6'],
    0.8,
  ),
  lion: critter(
    { ears: 'round', muzzle: 'snout', marks: 'none', tail: 'long', mane: true },
    ['#e0a953'],
    1.15,
  ),
  tiger: critter({ ears: 'round', muzzle: 'snout', marks: 'stripes', tail: 'long' }, ['#ee8f2f'], 1.15),
  pig: critter({ ears: 'floppy', muzzle: 'pig', marks: 'none', tail: 'short' }, ['#f4b3b8'], 0.95),
} satisfies Record<string, Subject>;

function critter(build: Build, colours: [string, ...string[]], size: number): Subject {
  return { ...defaults, colours, size, draw: (pen) => drawCritter(pen, build) };
}

function drawCritter(pen: Pen, build: Build): string {
  const { ink, chance } = pen;
  const fur = rounded(pen);
  const isPanda = build.marks === 'panda';
  const limb = isPanda ? hex(mix(ink.deep, ink.shade, 0.1)) : hex(ink.main);
  const tilt = Math.round(chance.between(-5, 5, 'critter.tilt'));
  const parts = [
    tailOf(pen, build),
    shape('M-27,0C-37,-26 -21,-60 0,-61C21,-60 37,-26 27,0C22,3 -22,3 -27,0Z', fur),
    // a belly in the light, and a shadow under the chin
    oval(0, -24, 14, 23, hex(isPanda ? ink.main : ink.pale), ' opacity=".75"'),
    shape('M-19,-56C-8,-44 8,-44 19,-56Z', hex(ink.shade), ' opacity=".35"'),
    isPanda
      ? shape(
          'M-26,-50C-10,-60 10,-60 26,-50C30,-42 26,-38 20,-40C8,-46 -8,-46 -20,-40C-26,-38 -30,-42 -26,-50Z',
          limb,
        )
      : '',
    shape(
      'M-20,1C-24,-14 -18,-34 -11,-36C-5,-34 -5,-8 -5,1Z',
      isPanda ? limb : hex(lighter(ink.main, 0.015)),
    ),
    shape('M20,1C24,-14 18,-34 11,-36C5,-34 5,-8 5,1Z', isPanda ? limb : hex(lighter(ink.main, -0.03))),
    oval(-12.5, -1, 9, 5, isPanda ? limb : hex(build.marks === 'mask' ? ink.deep : ink.pale)),
    oval(12.5, -1, 9, 5, isPanda ? limb : hex(build.marks === 'mask' ? ink.deep : ink.pale)),
    ...[-15, -10, 10, 15].map((x) => line(`M${x},1V-2`, ink.shade, 0.8)),
    `<g transform="rotate(${tilt} 0 -60)">${headOf(pen, build, fur)}</g>`,
  ];
  return parts.join('');
}

function tailOf({ ink }: Pen, { tail }: Build): string {
  if (tail === 'long') return line('M18,-6C46,-2 50,-24 40,-36C34,-44 44,-54 50,-47', ink.shade, 8);
  if (tail === 'bushy')
    return (
      shape('M16,-2C34,6 56,-4 52,-30C50,-44 42,-52 40,-58C30,-44 26,-26 16,-14Z', hex(ink.shade)) +
      shape('M40,-58C30,-47 29,-40 30,-36C36,-30 46,-32 51,-36C49,-46 43,-51 40,-58Z', hex(ink.pale))
    );
  return oval(27, -8, 7, 6.5, hex(ink.shade));
}

function headOf(pen: Pen, build: Build, fur: string): string {
  const { ink, chance } = pen;
  const inner = hex(mix(mix(colour('#f08a94'), ink.accent, 0.2), ink.main, 0.22));
  const sleepy = chance.happens(0.22, 'critter.sleepy');
  const isPanda = build.marks === 'panda';
  const ear = isPanda ? hex(ink.deep) : fur;
  const ears: Record<Build['ears'], string> = {
    pointed:
      shape('M-23,-72Q-24,-97 -21,-101Q-12,-97 -4,-86ZM23,-72Q24,-97 21,-101Q12,-97 4,-86Z', ear) +
      shape(
        'M-19.5,-80Q-20,-93 -19,-95Q-13,-92 -9,-87ZM19.5,-80Q20,-93 19,-95Q13,-92 9,-87Z',
        inner,
        ' opacity=".8"',
      ),
    floppy: shape(
      'M-16,-86C-30,-90 -36,-72 -31,-56C-29,-50 -22,-54 -20,-66ZM16,-86C30,-90 36,-72 31,-56C29,-50 22,-54 20,-66Z',
      hex(ink.shade),
    ),
    round:
      oval(-18, -86, 9.5, 9.5, ear) +
      oval(18, -86, 9.5, 9.5, ear) +
      (isPanda
        ? ''
        : oval(-18, -85.5, 5, 5, inner, ' opacity=".75"') + oval(18, -85.5, 5, 5, inner, ' opacity=".75"')),
    long:
      shape(
        'M-14,-80C-24,-104 -20,-124 -13,-124C-6,-124 -3,-104 -4,-82ZM14,-80C24,-104 20,-124 13,-124C6,-124 3,-104 4,-82Z',
        ear,
      ) +
      shape(
        'M-12,-86C-18,-104 -16,-118 -13,-118C-9,-118 -7,-104 -7,-88ZM12,-86C18,-104 16,-118 13,-118C9,-118 7,-104 7,-88Z',
        inner,
        ' opacity=".75"',
      ),
  };
  const mane = build.mane
    ? shape(
        `M${Array.from({ length: 22 }, (_, i) => {
          const angle = (i / 22) * Math.PI * 2;
          const reach = i % 2 ? 35 : 29;
          return `${(Math.cos(angle) * reach).toFixed(1)},${(-68 + Math.sin(angle) * reach).toFixed(1)}`;
        }).join('L')}Z`,
        hex(lighter(mix(ink.shade, ink.deep, 0.25), 0)),
      ) + oval(0, -68, 28, 27, hex(ink.shade))
    : '';
  const shadow = `<g fill="none">${oval(0, -67, 26, 21.5, fur)}</g>`;
  const marks: Record<Build['marks'], string> = {
    stripes: line(
      'M0,-87.5V-79M-6,-86.5L-5,-80M6,-86.5L5,-80M-25,-66L-18.5,-65M-24,-60.5L-18,-61M25,-66L18.5,-65M24,-60.5L18,-61',
      mix(ink.deep, ink.shade, 0.45),
      2.2,
    ),
    panda: `<g transform="rotate(24 -10 -68)">${oval(-10, -68, 6.5, 8.5, hex(ink.deep))}</g><g transform="rotate(-24 10 -68)">${oval(10, -68, 6.5, 8.5, hex(ink.deep))}</g>`,
    mask: shape(
      'M-25.5,-64C-14,-68 -8,-62 0,-72C8,-62 14,-68 25.5,-64C24,-52 10,-46 0,-46C-10,-46 -24,-52 -25.5,-64Z',
      hex(ink.pale),
    ),
    patch: shape('M3,-88C18,-88 26,-76 24,-64C16,-58 6,-62 3,-72Z', hex(ink.shade), ' opacity=".55"'),
    none: '',
  };
  const eyeY = -68;
  const eye = (x: number) =>
    sleepy && !isPanda
      ? line(`M${x - 4.5},${eyeY}Q${x},${eyeY + 4.5} ${x + 4.5},${eyeY}`, ink.deep, 1.7)
      : oval(x, eyeY, 4.4, 5.2, isPanda ? '#16161c' : hex(ink.deep)) +
        oval(x + 1.5, eyeY - 2, 1.5, 1.7, '#fff') +
        oval(x - 1.3, eyeY + 2.2, 0.8, 0.8, '#fff', ' opacity=".7"');
  const blush =
    oval(-17, -59.5, 4.6, 2.8, inner, ' opacity=".55"') + oval(17, -59.5, 4.6, 2.8, inner, ' opacity=".55"');
  const nose: Record<Build['muzzle'], string> = {
    small:
      oval(-4, -57.5, 5.5, 4.5, hex(ink.pale)) +
      oval(4, -57.5, 5.5, 4.5, hex(ink.pale)) +
      shape('M-3,-61.5H3Q2,-58.5 0,-58Q-2,-58.5 -3,-61.5Z', hex(mix(ink.accent, ink.deep, 0.25))) +
      line('M0,-58V-56.2M-4,-55.5Q-2,-53.5 0,-56.2Q2,-53.5 4,-55.5', ink.deep, 0.9) +
      line(
        'M-10,-58L-26,-61M-10,-56.5L-26,-55.5M10,-58L26,-61M10,-56.5L26,-55.5',
        ink.pale,
        0.6,
        ' opacity=".8"',
      ),
    snout:
      oval(0, -57, 10, 7.5, hex(ink.pale)) +
      oval(0, -60.5, 4.6, 3.2, hex(ink.deep)) +
      oval(-1.2, -61.3, 1.3, 0.7, '#fff', ' opacity=".6"') +
      line('M0,-57.5V-55.5M-5,-54.5Q-2.5,-51.8 0,-55Q2.5,-51.8 5,-54.5', ink.deep, 1),
    pig:
      oval(0, -58, 9, 6.5, inner) +
      oval(-3, -58, 1.6, 2.4, hex(ink.shade)) +
      oval(3, -58, 1.6, 2.4, hex(ink.shade)) +
      line('M-4,-50Q0,-48 4,-50', ink.deep, 0.9),
  };
  const behind = build.ears === 'floppy' ? '' : ears[build.ears];
  const before = build.ears === 'floppy' ? ears.floppy : '';
  return (
    mane + behind + shadow + marks[build.marks] + before + eye(-10) + eye(10) + blush + nose[build.muzzle]
  );
}
