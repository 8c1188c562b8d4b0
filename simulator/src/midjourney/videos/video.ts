/** What is known of a video beyond its picture. */
export interface Video {
  motion: 'low' | 'high';
  /** Of how many clips its sheet is. */
  clips: 1 | 2 | 4;
  seconds: VideoLength;
}

export type VideoLength = 5 | 9 | 13 | 17 | 21;

const afterExtension: Record<VideoLength, VideoLength | undefined> = {
  5: 9,
  9: 13,
  13: 17,
  17: 21,
  21: undefined,
};

/** A video's length after it was extended; undefined when it is as long as can be. */
export function extendedLength({ seconds }: Video): VideoLength | undefined {
  return afterExtension[seconds];
}
