import { z } from 'zod';

/** Discord's component type of a button. https://discord.com/developers/docs/components/reference */
const buttonType = 2;

const button = z.object({
  type: z.literal(buttonType),
  style: z.number().optional(),
  custom_id: z.string().optional(),
  label: z.string().nullish(),
  url: z.string().optional(),
  emoji: z.object({ name: z.string().nullish() }).nullish(),
});
type ButtonComponent = z.infer<typeof button>;

const parent = z.object({ components: z.array(z.unknown()).default([]), accessory: z.unknown().optional() });

/** The components of a message in reading order, at any depth: in rows, containers, sections. */
export function componentsIn(components: readonly unknown[] | undefined): unknown[] {
  const found: unknown[] = [];
  const unread = [...(components ?? [])].reverse();
  while (unread.length > 0) {
    const component = unread.pop();
    const { data } = parent.safeParse(component);
    if (!data) continue;
    found.push(component);
    unread.push(data.accessory, ...data.components.reverse());
  }
  return found;
}

/** The buttons among them. */
export function buttonsIn(components: readonly unknown[] | undefined): ButtonComponent[] {
  return componentsIn(components).flatMap((component) => button.safeParse(component).data ?? []);
}
