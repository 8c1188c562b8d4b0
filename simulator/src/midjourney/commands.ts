import { midjourneyBotId, nijiBotId } from './identity.ts';

/** Discord's option types that these commands use. */
export const optionTypes = { subcommand: 1, text: 3, attachment: 11 } as const;

interface CommandOption {
  type: 1 | 3 | 11;
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
  /** Before any redeployment. */
  firstVersion: bigint;
}

const image = (name: string, required = true): CommandOption => ({
  type: optionTypes.attachment,
  name,
  description: 'The image to use',
  required,
});
const text = (name: string, description: string, required = true): CommandOption => ({
  type: optionTypes.text,
  name,
  description,
  required,
});

const dimensions: CommandOption = {
  type: optionTypes.text,
  name: 'dimensions',
  description: 'The dimensions of the image. If not specified, the image will be square.',
  required: false,
  choices: [
    { name: 'Portrait', value: '--ar 2:3' },
    { name: 'Square', value: '--ar 1:1' },
    { name: 'Landscape', value: '--ar 3:2' },
  ],
};

const blendImages = [
  image('image1'),
  image('image2'),
  image('image3', false),
  image('image4', false),
  image('image5', false),
];

interface CommandForm {
  name: string;
  description: string;
  options: CommandOption[];
  /** Ids and versions are Discord's own, as seen in command indexes since May 2024. */
  id: string;
  version: bigint;
  /** Of the niji bot's command of that name, where it is known to have one. */
  nijiId?: string;
}

const forms: CommandForm[] = [
  {
    name: 'imagine',
    description: 'Create images with Midjourney',
    options: [text('prompt', 'The prompt to imagine')],
    id: '938956540159881230',
    version: 1_237_876_415_471_554_623n,
    nijiId: '1023054140580057099',
  },
  {
    name: 'describe',
    description: 'Writes a prompt based on your image.',
    options: [image('image', false), text('link', 'The link of the image to describe', false)],
    id: '1092492867185950852',
    version: 1_237_876_415_471_554_625n,
    nijiId: '1092683500743831652',
  },
  {
    name: 'blend',
    description: 'Blend images together seamlessly!',
    options: [...blendImages, dimensions],
    id: '1062880104792997970',
    version: 1_237_876_415_471_554_624n,
    nijiId: '1061216934374424697',
  },
  {
    name: 'shorten',
    description: 'Analyzes and shortens a prompt.',
    options: [text('prompt', 'The prompt to shorten')],
    id: '1121575372539039774',
    version: 1_247_736_572_414_001_223n,
    nijiId: '1121575453916942376',
  },
  {
    name: 'show',
    description: 'Shows the job view based on job id.',
    options: [text('job_id', 'The job ID of the job you want to show.')],
    id: '1169435442328911902',
    version: 1_247_736_572_414_001_224n,
    nijiId: '1023054140580057101',
  },
  {
    name: 'info',
    description: 'View information about your profile.',
    options: [],
    id: '972289487818334209',
    version: 1_237_876_415_735_660_565n,
    nijiId: '1023054140580057102',
  },
  {
    name: 'settings',
    description: 'View and adjust your personal settings.',
    options: [],
    id: '1000850743479255081',
    version: 1_493_662_068_581_077_053n,
    nijiId: '1023054140634579025',
  },
  {
    name: 'fast',
    description: 'Switch to fast mode',
    options: [],
    id: '972289487818334212',
    version: 1_237_876_415_735_660_572n,
  },
  {
    name: 'relax',
    description: 'Switch to relax mode',
    options: [],
    id: '972289487818334213',
    version: 1_237_876_415_735_660_573n,
  },
  {
    name: 'turbo',
    description: 'Switch to turbo mode',
    options: [],
    id: '1124132684143271996',
    version: 1_237_876_415_790_055_474n,
  },
  {
    name: 'prefer',
    description: '…',
    options: [
      { type: optionTypes.subcommand, name: 'remix', description: 'Toggle remix mode.', required: false },
    ],
    id: '984273800587776053',
    version: 1_237_876_415_790_055_476n,
  },
];

/** The commands of both bots, and the version that each redeploy changes. */
export class CommandCatalogue {
  readonly commands: readonly Command[] = forms.flatMap(({ nijiId, version, ...form }) => [
    { ...form, applicationId: midjourneyBotId, firstVersion: version },
    ...(nijiId === undefined
      ? []
      : [{ ...form, id: nijiId, applicationId: nijiBotId, firstVersion: version }]),
  ]);
  #deployment = 0n;

  /** Gives every command a new version; requests with the old one are refused from then on. */
  redeploy(): void {
    this.#deployment += 1n;
  }

  version({ firstVersion }: Command): string {
    // Versions are snowflakes: a later deployment has later ones.
    return (firstVersion + (this.#deployment << 22n)).toString();
  }

  find(applicationId: string, id: string): Command | undefined {
    return this.commands.find((command) => command.applicationId === applicationId && command.id === id);
  }
}
