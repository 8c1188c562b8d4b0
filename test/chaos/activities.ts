import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import type { Random } from './random.ts';

/** What must be true of the one job at Midjourney that belongs to a task. */
interface Wanted {
  kind: string;
  index?: number;
  detail?: string;
  parentMessageId?: string;
  parentJobId?: string;
}

/** A request to the service. */
export interface Request {
  path: string;
  body: Record<string, unknown>;
  /** Pictures to send along; the request is a form then. */
  pictures?: string[];
  /** It opens a window of the mj-proxy protocol; what is sent then may be none, or several of which one is accepted. */
  window?: { texts: string[]; cancels: boolean };
  wanted: Wanted;
}

/** Pictures of this customer that can be continued. */
interface Finished {
  grid: TaskView | undefined;
  single: TaskView | undefined;
  /** Four videos in one picture. */
  sheet: TaskView | undefined;
  /** One of them. */
  video: TaskView | undefined;
  /** Texts that describe a picture. */
  description: TaskView | undefined;
}

type Activity = (random: Random, finished: Finished, customer: string) => Request[];

const indexes = [1, 2, 3, 4] as const;
const onPicture = (parent: TaskView, path: string, body: object, wanted: Wanted): Request => ({
  path,
  body: { trigger_id: parent.trigger_id, ...body },
  wanted: { ...wanted, ...(parent.msg_id && { parentMessageId: parent.msg_id }) },
});
const pick = (parent: TaskView, index: number) =>
  onPicture(parent, '/upscale', { index }, { kind: 'pick', index });
const vary = (parent: TaskView, index: number) =>
  onPicture(parent, '/variation', { index }, { kind: 'variation', index });
const reroll = (parent: TaskView) => onPicture(parent, '/reset', {}, { kind: 'reroll' });
const pan = (parent: TaskView, direction: string) =>
  onPicture(parent, '/expand', { direction }, { kind: 'pan', detail: direction });
const soloVary = (parent: TaskView, [path, detail]: readonly [string, string]) =>
  onPicture(parent, path, {}, { kind: 'solo_variation', detail });
const animate = (parent: TaskView, motion: string) =>
  onPicture(parent, '/animate', { motion }, { kind: 'animate', detail: motion });
const pickVideo = (parent: TaskView, index: number) =>
  onPicture(parent, '/video_upscale', { index }, { kind: 'video_pick', index });
const extend = (parent: TaskView, motion: string) =>
  onPicture(parent, '/extend', { motion }, { kind: 'extend', detail: motion });
/** Its messages have no nonce: the prompt is what says whose region it is. */
const varyRegion = (parent: TaskView, prompt: string) =>
  onPicture(
    parent,
    '/vary_region',
    { prompt, boxes: [{ x: 0, y: 0, width: 20, height: 20 }] },
    { kind: 'solo_variation', detail: 'region' },
  );
const imagine = (prompt: string): Request => ({
  path: '/imagine',
  body: { prompt },
  wanted: { kind: 'imagine' },
});

/** Opens the window of a described text, and fills it in: not at all, once, or twice at once; or cancels it meanwhile. */
const describedText = (parent: TaskView, random: Random, customer: string): Request => ({
  path: '/mj/submit/action',
  body: { taskId: parent.trigger_id, customId: `MJ::Job::PicReader::${random.pick(indexes)}` },
  window: {
    texts: [
      `${customer} fills it in ${random.next()}`,
      `${customer} fills it in again ${random.next()}`,
    ].slice(0, random.between(0, 2)),
    cancels: random.chance(0.2),
  },
  wanted: { kind: 'imagine' },
});

const scenes = [
  'a cat on a roof',
  'the sea at night',
  '城市里的雨',
  'a very old lighthouse in a storm',
] as const;
const words = ['mountains', 'rivers', 'harbours', 'gardens', 'castles'] as const;
const colours = ['red', 'green', 'blue', 'gold', 'purple', 'teal', 'orange', 'pink'] as const;
const strengths = [
  ['/solo_low_variation', 'subtle'],
  ['/solo_high_variation', 'strong'],
] as const;

/** What comes of it has buttons that open windows. */
export const describePicture = (random: Random): Request => ({
  path: '/describe',
  body: {},
  pictures: [random.pick(colours)],
  wanted: { kind: 'describe' },
});

/** What customers do, with relative frequencies. */
const activities: readonly [number, Activity][] = [
  [20, (random, _, customer) => [imagine(`${customer} sees ${random.pick(scenes)} ${random.next()}`)]],
  // Several customers want the very same.
  [8, (random) => [imagine(random.pick(scenes))]],
  [
    14,
    (random, _, customer) => [
      {
        path: '/shorten',
        body: {
          prompt: `a very beautiful picture of ${random.pick(words)} and ${random.pick(words)} near the house of ${customer}`,
        },
        wanted: { kind: 'shorten' },
      },
    ],
  ],
  [
    10,
    (random) => [
      {
        path: '/blend',
        body: {},
        pictures: [random.pick(colours), random.pick(colours)],
        wanted: { kind: 'blend' },
      },
    ],
  ],
  [7, (random) => [describePicture(random)]],
  [12, (random, { grid }) => (grid ? [pick(grid, random.pick(indexes))] : [])],
  [4, (random, { grid }) => (grid ? [vary(grid, random.pick(indexes))] : [])],
  // Several buttons whose messages look the same, at once.
  [7, (_, { grid }) => (grid ? indexes.map((index) => vary(grid, index)) : [])],
  [3, (_, { grid }) => (grid ? [reroll(grid), reroll(grid)] : [])],
  [3, (_, { grid }) => (grid ? [pick(grid, 1), pick(grid, 1), pick(grid, 2)] : [])],
  [5, (_, { single }) => (single ? strengths.map((strength) => soloVary(single, strength)) : [])],
  [4, (_, { single }) => (single ? ['left', 'right', 'left'].map((way) => pan(single, way)) : [])],
  [
    5,
    (random) => [{ path: '/video', body: {}, pictures: [random.pick(colours)], wanted: { kind: 'imagine' } }],
  ],
  [4, (_, { single }) => (single ? ['low', 'high', 'low'].map((motion) => animate(single, motion)) : [])],
  [7, (_, { sheet }) => (sheet ? [pickVideo(sheet, 1), pickVideo(sheet, 2), pickVideo(sheet, 1)] : [])],
  [4, (_, { video }) => (video ? ['low', 'high'].map((motion) => extend(video, motion)) : [])],
  [
    4,
    (random, _, customer) => [
      {
        path: '/edit',
        body: { prompt: `${customer} paints it ${random.pick(colours)} ${random.next()}` },
        pictures: [random.pick(colours)],
        wanted: { kind: 'imagine' },
      },
    ],
  ],
  [
    5,
    (random, { single }, customer) =>
      single
        ? [
            varyRegion(single, `${customer} changes a corner ${random.next()}`),
            varyRegion(single, `${customer} changes it again ${random.next()}`),
          ]
        : [],
  ],
  [
    25,
    (random, { description }, customer) =>
      description ? [describedText(description, random, customer)] : [],
  ],
  [
    5,
    (_, { grid }) =>
      grid?.msg_hash
        ? [
            {
              path: '/show',
              body: { job_id: grid.msg_hash },
              wanted: { kind: 'show', parentJobId: grid.msg_hash },
            },
          ]
        : [],
  ],
];

/** What a customer asks for next, by chance: one thing, or several at once. */
export function nextRequests(random: Random, finished: Finished, customer: string): Request[] {
  const total = activities.reduce((sum, [weight]) => sum + weight, 0);
  let at = random.next() * total;
  for (const [weight, activity] of activities) {
    at -= weight;
    if (at >= 0) continue;
    const requests = activity(random, finished, customer);
    if (requests.length > 0) return requests;
    break;
  }
  return [imagine(`${customer} begins with ${random.pick(scenes)} ${random.next()}`)];
}
