// Makes the videos in assets/clips, which the simulator gives for picked and extended videos. Run it with ffmpeg
// (Debian: `apt-get install ffmpeg fonts-dejavu-core`) when they must look different; the simulator needs none of it:
//
//   node simulator/make-clips.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const folder = new URL('assets/clips/', import.meta.url).pathname;
const font = '/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf';
// The same colours as in src/midjourney/videos/sheet.ts.
const colours = { 1: '0xb03a2e', 2: '0x1e8449', 3: '0x21618c', 4: '0xb9770e' };
const lengths = [5, 9, 13, 17, 21];

mkdirSync(folder, { recursive: true });
for (const [index, colour] of Object.entries(colours)) {
  for (const seconds of lengths) {
    const number = `drawtext=fontfile=${font}:text=${index}:fontsize=260:fontcolor=white:x=(w-tw)/2:y=(h-th)/2-30`;
    const clock = `drawtext=fontfile=${font}:text='%{eif\\:t\\:d} / ${seconds} s':fontsize=40:fontcolor=white:x=(w-tw)/2:y=h-110`;
    const ball = `overlay=x=(W-w)*t/${seconds}:y=H-h-40`;
    execFileSync(
      'ffmpeg',
      [
        '-y -v error',
        `-f lavfi -i color=c=${colour}:s=480x480:r=12:d=${seconds}`,
        `-f lavfi -i color=c=white:s=24x24:r=12:d=${seconds}`,
        '-filter_complex',
      ]
        .join(' ')
        .split(' ')
        .concat(
          `[0]${number},${clock}[back];[back][1]${ball}`,
          '-c:v libx264 -profile:v main -preset veryslow -crf 30 -pix_fmt yuv420p -g 48 -an'.split(' '),
          // Readable from its beginning, and the same bytes each time.
          '-movflags +faststart -map_metadata -1 -fflags +bitexact -flags:v +bitexact'.split(' '),
          `${folder}${index}-${seconds}s.mp4`,
        ),
      { stdio: 'inherit' },
    );
  }
}
