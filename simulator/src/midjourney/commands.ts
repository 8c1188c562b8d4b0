import { MIDJOURNEY_ID, NIJI_ID } from './identity.ts';

/** Discord's option types that these commands use. */
export const OptionType = { text: 3, attachment: 11 } as const;

export interface CommandOption {
  type: 3 | 11;
  name: string;
  description: string;
  required: boolean;
  choices?: { name: string; value: string }[];
}

export interface Command {
  id: string;
  applicationId: string;
  name: string;
  description: string;
  options: CommandOption[];
}

const image = (name: string, required = true): CommandOption => ({
  type: OptionType.attachment,
  name,
  description: 'The image to use',
  required,
});
const text = (name: string, description: string): CommandOption => ({
  type: OptionType.text,
  name,
  description,
  required: true,
});

const DIMENSIONS: CommandOption = {
  type: OptionType.text,
  name: 'dimensions',
  description: 'The dimensions of the image. If not specified, the image will be square.',
  required: false,
  choices: [
    { name: 'Portrait', value: '--ar 2:3' },
    { name: 'Square', value: '--ar 1:1' },
    { name: 'Landscape', value: '--ar 3:2' },
  ],
};

const PROMPT = text('prompt', 'The prompt to imagine');
const BLEND_IMAGES = [
  image('image1'),
  image('image2'),
  image('image3', false),
  image('image4', false),
  image('image5', false),
];

type CommandForm = [name: string, description: string, options: CommandOption[], id: string, nijiId: string];

// The Midjourney Bot's ids are Discord's own; of niji's only the first is, the others are made up.
const FORMS: CommandForm[] = [
  ['imagine', 'Create images with Midjourney', [PROMPT], '938956540159881230', '1023054140580057099'],
  [
    'describe',
    'Writes a prompt based on your image.',
    [image('image')],
    '1092492867185950852',
    '1023054140580057100',
  ],
  [
    'blend',
    'Blend images together seamlessly!',
    [...BLEND_IMAGES, DIMENSIONS],
    '1062880104792997970',
    '1023054140580057101',
  ],
  [
    'shorten',
    'Analyzes and shortens a prompt.',
    [text('prompt', 'The prompt to shorten')],
    '1121575372539039774',
    '1023054140580057102',
  ],
  [
    'show',
    'Shows the job view based on job id.',
    [text('job_id', 'The job ID of the job you want to show.')],
    '1169435442328911902',
    '1023054140580057103',
  ],
  ['info', 'View information about your profile.', [], '972289487818334209', '1023054140580057104'],
  ['settings', 'View and adjust your personal settings.', [], '1000850743479255081', '1023054140580057105'],
];

/** The commands of both bots, and the version that each redeploy changes. */
export class CommandCatalogue {
  readonly commands: readonly Command[] = FORMS.flatMap(([name, description, options, id, nijiId]) => [
    { id, applicationId: MIDJOURNEY_ID, name, description, options },
    { id: nijiId, applicationId: NIJI_ID, name, description, options },
  ]);
  private deployment = 0n;

  /** Gives every command a new version; requests with the old one are refused from then on. */
  redeploy(): void {
    this.deployment += 1n;
  }

  version(command: Command): string {
    // Versions are snowflakes: that of the deployment, differing a little from command to command.
    return (
      1_237_876_415_471_554_560n +
      (this.deployment << 22n) +
      (BigInt(command.id) & 0xffffn)
    ).toString();
  }

  find(applicationId: string, id: string): Command | undefined {
    return this.commands.find((command) => command.applicationId === applicationId && command.id === id);
  }
}
