import { PermissionFlagsBits } from 'discord-api-types/v10';
import { z } from 'zod';

const bits = z.string().regex(/^\d+$/).transform(BigInt);

/** The parts of Discord's objects that say who may do what. */
export const guildPermissionsSchema = z.object({
  id: z.string(),
  owner_id: z.string(),
  roles: z.array(z.object({ id: z.string(), permissions: bits })),
});
export const overwritesSchema = z.array(z.object({ id: z.string(), allow: bits, deny: bits })).default([]);
export const memberSchema = z.object({
  user: z.object({ id: z.string() }),
  roles: z.array(z.string()),
  communication_disabled_until: z.coerce.date().nullish(),
});

/** What a member may still do while timed out. */
const inTimeout = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory;

/**
 * What a member may do in a channel, as bits.
 * https://discord.com/developers/docs/topics/permissions#permission-overwrites
 */
export function permissionsIn(
  guild: z.output<typeof guildPermissionsSchema>,
  overwrites: z.output<typeof overwritesSchema>,
  member: z.output<typeof memberSchema>,
  now: Date,
): bigint {
  const userId = member.user.id;
  const all = ~0n;
  // The role of everyone has the id of the server.
  const roleIds = [guild.id, ...member.roles];
  const base = guild.roles
    .filter(({ id }) => roleIds.includes(id))
    .reduce((sum, { permissions }) => sum | permissions, 0n);
  if (userId === guild.owner_id || (base & PermissionFlagsBits.Administrator) !== 0n) return all;

  const ofRoles = overwrites.filter(({ id }) => member.roles.includes(id));
  const layers = [
    overwrites.filter(({ id }) => id === guild.id),
    ofRoles,
    overwrites.filter(({ id }) => id === userId),
  ];
  const granted = layers.reduce((sum, layer) => {
    const deny = layer.reduce((bits, each) => bits | each.deny, 0n);
    const allow = layer.reduce((bits, each) => bits | each.allow, 0n);
    return (sum & ~deny) | allow;
  }, base);
  const isInTimeout = member.communication_disabled_until && member.communication_disabled_until > now;
  const left = isInTimeout ? granted & inTimeout : granted;
  return (left & PermissionFlagsBits.ViewChannel) === 0n ? 0n : left;
}
