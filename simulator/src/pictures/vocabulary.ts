import type { Mood } from './palette.ts';
import type { AbstractFamily } from './settings/abstract.ts';
import type { SettingName } from './settings/settings.ts';
import type { SubjectName } from './subjects/subjects.ts';

/** What a word of a prompt asks for. */
export type Meaning =
  | { subject: SubjectName }
  | { setting: SettingName }
  | { mood: Mood }
  | { colour: string }
  | { count: number }
  | { weather: Weather }
  | { family: AbstractFamily }
  | { portrait: true }
  | { sky: 'sun' | 'moon' | 'stars' };

export type Weather = 'rain' | 'snow' | 'fog' | 'lightning';

const subject = (name: SubjectName): Meaning => ({ subject: name });
const setting = (name: SettingName): Meaning => ({ setting: name });
const mood = (name: Mood): Meaning => ({ mood: name });
const paint = (hex: string): Meaning => ({ colour: hex });
const family = (name: AbstractFamily): Meaning => ({ family: name });

// Words of one line, separated by commas, mean the same. Singular; the plural is found by its ending.
const lines: [words: string, ...meanings: Meaning[]][] = [
  // colours
  ['red, scarlet, 红, 红色', paint('#d62828')],
  ['crimson, ruby, 深红', paint('#a4133c')],
  ['orange, 橙, 橙色', paint('#f77f00')],
  ['gold, golden, 金, 金色, 黄金', paint('#e0a416'), mood('gold')],
  ['yellow, 黄, 黄色', paint('#f6cb2d')],
  ['green, 绿, 绿色', paint('#3a9d5d')],
  ['emerald, jade, 翡翠', paint('#0f8a64')],
  ['teal, turquoise, 青, 青色', paint('#159a9c')],
  ['cyan, aqua', paint('#2cc4dd')],
  ['blue, azure, 蓝, 蓝色', paint('#2f6fd0')],
  ['navy, 深蓝', paint('#1b2f6b')],
  ['indigo', paint('#4338a8')],
  ['purple, violet, lavender, lilac, 紫, 紫色', paint('#8249c4')],
  ['magenta, fuchsia', paint('#d02b9a')],
  ['pink, rosy, 粉, 粉色, 粉红', paint('#f27ba5')],
  ['brown, chocolate, 棕, 棕色', paint('#8a5a33')],
  ['beige, cream', paint('#e3cfa8')],
  ['black, 黑, 黑色', paint('#1b1b1f')],
  ['white, ivory, 白, 白色', paint('#f4f2ec')],
  ['grey, gray, silver, 灰, 灰色, 银, 银色', paint('#a2a6ac')],
  // how many
  ['two, pair, 2, couple of, 两, 两只, 两个, 二', { count: 2 }],
  ['three, 3, trio, 三, 三只, 三个', { count: 3 }],
  ['four, 4, 四, 四只, 四个', { count: 4 }],
  ['five, 5, many, group of, flock of, 五, 五只, 许多', { count: 5 }],
  // time of day, season, mood
  ['sunset, dusk, twilight, 日落, 夕阳, 黄昏, 晚霞', mood('sunset'), { sky: 'sun' }],
  ['golden hour', mood('sunset'), { sky: 'sun' }],
  ['sunrise, dawn, morning, 日出, 黎明, 清晨, 早晨', mood('dawn'), { sky: 'sun' }],
  ['sunny, daylight, noon, summer, 晴, 白天, 夏天, 夏', mood('day'), { sky: 'sun' }],
  ['night, midnight, evening, dark, 夜, 夜晚, 黑夜, 夜景', mood('night')],
  ['moonlight, moonlit, moon, full moon, crescent, 月亮, 月, 月光', mood('night'), { sky: 'moon' }],
  ['starry, star sky, starry night, 星空', mood('night'), { sky: 'stars' }],
  ['sun, 太阳', { sky: 'sun' }],
  ['neon, cyberpunk, synthwave, vaporwave, cyber, futuristic, 霓虹, 赛博朋克, 未来', mood('neon')],
  ['autumn, fall, october, 秋, 秋天', mood('autumn')],
  ['winter, christmas, 冬, 冬天', mood('winter'), { weather: 'snow' }],
  ['snow, snowy, blizzard, ice, icy, frozen, 雪', mood('winter'), { weather: 'snow' }],
  ['spring, blossom, 春, 春天', mood('spring')],
  ['cherry blossom, sakura, 樱花', mood('spring'), subject('blossom')],
  ['pastel, soft, dreamy, cute, kawaii, watercolor, watercolour, 可爱, 水彩', mood('pastel')],
  ['noir, monochrome, black and white, ink, sketch, 黑白, 水墨', mood('mono')],
  ['vintage, retro, old, antique, steampunk, 复古', mood('vintage')],
  ['fire, flame, lava, volcano, hell, burning, 火, 火焰, 火山', mood('fire')],
  // weather
  [
    'storm, stormy, thunderstorm, lightning, thunder, tempest, 暴风雨, 闪电',
    mood('storm'),
    { weather: 'lightning' },
  ],
  ['rain, rainy, 雨, 下雨', mood('storm'), { weather: 'rain' }],
  ['fog, foggy, mist, misty, haze, 雾', { weather: 'fog' }],
  // places
  [
    'mountain, peak, alp, himalaya, hill, valley, canyon, cliff, landscape, 山, 山脉, 高山, 风景, 山水',
    setting('mountains'),
  ],
  [
    'sea, ocean, beach, coast, island, lake, river, harbor, harbour, shore, water, bay, 海, 大海, 海洋, 海边, 海滩, 湖, 河, 岛',
    setting('sea'),
  ],
  ['forest, wood, woodland, jungle, rainforest, 森林, 树林, 丛林', setting('forest')],
  ['desert, dune, sahara, mars, 沙漠', setting('desert')],
  [
    'meadow, field, garden, grass, park, countryside, farm, prairie, 草地, 草原, 花园, 田野, 公园',
    setting('meadow'),
  ],
  [
    'city, skyline, street, town, downtown, metropolis, cityscape, tokyo, new york, skyscraper, building, alley, 城市, 街道, 都市, 城, 高楼',
    setting('city'),
  ],
  [
    'space, galaxy, nebula, cosmos, universe, cosmic, outer space, milky way, 太空, 宇宙, 银河, 星系',
    setting('space'),
  ],
  ['underwater, reef, coral, deep sea, aquarium, seabed, 海底, 水下', setting('underwater')],
  [
    'room, interior, indoor, living room, bedroom, kitchen, cafe, library, office, studio apartment, 房间, 客厅, 卧室',
    setting('interior'),
  ],
  // abstract
  ['abstract, 抽象', family('ribbons')],
  ['wave, swirl, liquid, flowing, 波浪', family('waves')],
  ['smoke, flow, wind, hair, silk, fluid, 烟, 风', family('flow')],
  ['bubble, circle, dot, sphere, ball, 圆, 泡泡', family('circles')],
  ['polygon, crystal, geometric, triangle, low poly, glass, 几何, 水晶', family('facets')],
  ['bauhaus, mosaic, tile, pattern, quilt, mid century, 图案', family('tiles')],
  // animals
  ['cat, kitten, kitty, 猫, 小猫', subject('cat')],
  ['dog, puppy, corgi, shiba, husky, 狗, 小狗, 犬', subject('dog')],
  ['fox, 狐狸', subject('fox')],
  ['wolf, werewolf, 狼', subject('wolf')],
  ['bear, teddy, koala, 熊, 小熊', subject('bear')],
  ['panda, 熊猫, 大熊猫', subject('panda')],
  ['rabbit, bunny, hare, 兔, 兔子', subject('rabbit')],
  ['mouse, hamster, rat, 老鼠, 鼠', subject('mouse')],
  ['lion, 狮子, 狮', subject('lion')],
  ['tiger, leopard, cheetah, 老虎, 虎', subject('tiger')],
  ['pig, 猪', subject('pig')],
  ['owl, 猫头鹰', subject('owl')],
  ['penguin, 企鹅', subject('penguin')],
  ['bird, sparrow, robin, parrot, crow, raven, eagle, 鸟, 小鸟, 鹰', subject('bird')],
  ['butterfly, moth, 蝴蝶', subject('butterfly')],
  ['fish, goldfish, koi, shark, 鱼, 金鱼, 鲨鱼', subject('fish')],
  ['whale, dolphin, 鲸, 鲸鱼, 海豚', subject('whale')],
  ['jellyfish, octopus, 水母', subject('jellyfish')],
  ['turtle, tortoise, 乌龟, 龟', subject('turtle')],
  ['dragon, dinosaur, 龙, 恐龙', subject('dragon')],
  // people and machines
  ['robot, android, cyborg, mech, 机器人', subject('robot')],
  ['astronaut, cosmonaut, spaceman, 宇航员', subject('astronaut')],
  ['woman, girl, lady, princess, queen, female, 女孩, 女人, 少女, 公主, 美女', subject('woman')],
  ['man, boy, person, king, prince, hero, human, people, child, 男孩, 男人, 人', subject('man')],
  ['portrait, face, 肖像, 人物', { portrait: true }],
  ['wizard, witch, mage, sorcerer, 巫师', subject('wizard')],
  ['samurai, knight, warrior, soldier, ninja, 武士, 骑士', subject('samurai')],
  // buildings and vehicles
  ['house, home, cottage, cabin, hut, 房子, 屋, 小屋, 家', subject('house')],
  ['castle, palace, fortress, tower, 城堡, 宫殿', subject('castle')],
  ['lighthouse, 灯塔', subject('lighthouse')],
  ['temple, pagoda, shrine, 寺庙, 塔', subject('pagoda')],
  ['ship, boat, sailboat, yacht, sail, pirate ship, 船, 帆船', subject('ship')],
  ['car, vehicle, truck, taxi, automobile, sports car, 汽车, 车', subject('car')],
  ['train, locomotive, tram, 火车', subject('train')],
  ['rocket, spaceship, spacecraft, starship, 火箭, 飞船', subject('rocket')],
  ['airplane, plane, aircraft, jet, 飞机', subject('airplane')],
  ['hot air balloon, balloon, airship, 热气球, 气球', subject('balloon')],
  ['bicycle, bike, 自行车', subject('bicycle')],
  // plants
  ['tree, oak, maple, willow, 树, 大树', subject('tree')],
  ['pine, fir, spruce, christmas tree, 松树', subject('pine')],
  ['palm, palm tree, coconut, 棕榈', subject('palm')],
  ['flower, daisy, sunflower, lily, bouquet, lotus, 花, 花朵, 向日葵, 莲花', subject('flower')],
  ['rose, tulip, peony, 玫瑰', subject('rose')],
  ['mushroom, toadstool, fungus, 蘑菇', subject('mushroom')],
  ['cactus, succulent, 仙人掌', subject('cactus')],
  ['potted plant, plant, bonsai, 植物, 盆栽', subject('plant')],
  // things
  ['sofa, couch, 沙发', subject('sofa')],
  ['chair, armchair, throne, 椅子', subject('armchair')],
  ['table, desk, 桌子, 桌', subject('table')],
  ['lamp, lantern, light bulb, 灯, 灯笼', subject('lantern')],
  ['cup, coffee, tea, mug, latte, 咖啡, 茶, 杯子', subject('cup')],
  ['cake, cupcake, dessert, ice cream, 蛋糕', subject('cake')],
  ['apple, peach, fruit, cherry, 苹果, 水果', subject('apple')],
  ['heart, love, 心, 爱', subject('heart')],
  ['star, 星星, 星', subject('star')],
  ['diamond, gem, jewel, 钻石, 宝石', subject('diamond')],
  ['umbrella, 雨伞, 伞', subject('umbrella')],
  ['planet, earth, globe, world, saturn, jupiter, 地球, 行星, 星球', subject('planet')],
  ['cloud, 云', { weather: 'fog' }],
];

const lexicon = new Map<string, Meaning[]>(
  lines.flatMap(([words, ...meanings]) =>
    words.split(', ').map((word): [string, Meaning[]] => [word, meanings]),
  ),
);

const longestPhrase = 3;
const longestChinese = 4;

/** What a prompt's text asks for, in its order; words that say nothing here are left out. */
export function meaningsOf(text: string): { meanings: Meaning[]; word: number }[] {
  const found: { meanings: Meaning[]; word: number }[] = [];
  const tokens = text.toLowerCase().match(/\p{Script=Han}+|[\p{L}\p{N}]+/gu) ?? [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (/\p{Script=Han}/u.test(token)) {
      for (const meanings of inChinese(token)) found.push({ meanings, word: at });
      continue;
    }
    for (let length = Math.min(longestPhrase, tokens.length - at); length > 0; length--) {
      const meanings = lookUp(tokens.slice(at, at + length).join(' '));
      if (!meanings) continue;
      found.push({ meanings, word: at });
      at += length - 1;
      break;
    }
  }
  return found;
}

function lookUp(phrase: string): Meaning[] | undefined {
  for (const form of [
    phrase,
    phrase.replace(/s$/, ''),
    phrase.replace(/es$/, ''),
    phrase.replace(/ies$/, 'y'),
    phrase.replace(/ves$/, 'f'),
  ]) {
    const meanings = lexicon.get(form);
    if (meanings) return meanings;
  }
  return undefined;
}

// Chinese has no spaces: the longest known word at each place wins.
function inChinese(text: string): Meaning[][] {
  const found: Meaning[][] = [];
  for (let at = 0; at < text.length; at++) {
    for (let length = Math.min(longestChinese, text.length - at); length > 0; length--) {
      const meanings = lexicon.get(text.slice(at, at + length));
      if (!meanings) continue;
      found.push(meanings);
      at += length - 1;
      break;
    }
  }
  return found;
}
