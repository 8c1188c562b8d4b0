import { BUILDINGS } from './buildings.ts';
import { CREATURES } from './creatures.ts';
import { CRITTERS } from './critters.ts';
import { PEOPLE } from './people.ts';
import { PLANTS } from './plants.ts';
import type { Subject } from './subject.ts';
import { THINGS } from './things.ts';
import { VEHICLES } from './vehicles.ts';

const ALL = { ...CRITTERS, ...CREATURES, ...PEOPLE, ...BUILDINGS, ...VEHICLES, ...PLANTS, ...THINGS };

export type SubjectName = keyof typeof ALL;

/** Everything that a prompt can name and that stands in a picture by itself. */
export const SUBJECTS: Record<SubjectName, Subject> = ALL;
