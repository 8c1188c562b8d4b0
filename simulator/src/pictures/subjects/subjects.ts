import { buildings } from './buildings.ts';
import { creatures } from './creatures.ts';
import { critters } from './critters.ts';
import { people } from './people.ts';
import { plants } from './plants.ts';
import type { Subject } from './subject.ts';
import { things } from './things.ts';
import { vehicles } from './vehicles.ts';

const all = { ...critters, ...creatures, ...people, ...buildings, ...vehicles, ...plants, ...things };

export type SubjectName = keyof typeof all;

/** Everything that a prompt can name and that stands in a picture by itself. */
export const subjects: Record<SubjectName, Subject> = all;
