import { PermissionFlagsBits } from 'discord-api-types/v10';
import { expect, it } from 'vitest';
import { permissionsIn } from './permissions.ts';

const { ViewChannel, ReadMessageHistory, SendMessages, AttachFiles, Administrator } = PermissionFlagsBits;
const now = new Date('2026-01-02T03:04:05Z');
const guild = {
  id: '1',
  owner_id: '9',
  roles: [
    { id: '1', permissions: ViewChannel | ReadMessageHistory },
    { id: '2', permissions: SendMessages },
    { id: '3', permissions: Administrator },
  ],
};
const member = { user: { id: '5' }, roles: ['2'] };
const overwrite = (id: string, { allow = 0n, deny = 0n }) => ({ id, allow, deny });
const plain = ViewChannel | ReadMessageHistory | SendMessages;

it.each([
  ['what everyone and their roles may', [], member, plain],
  [
    'what everyone is denied in the channel',
    [overwrite('1', { deny: ReadMessageHistory })],
    member,
    ViewChannel | SendMessages,
  ],
  [
    'what a role is allowed again',
    [overwrite('1', { deny: SendMessages }), overwrite('2', { allow: SendMessages })],
    member,
    plain,
  ],
  ['what another role is denied', [overwrite('3', { deny: SendMessages })], member, plain],
  [
    'the member before all',
    [overwrite('2', { allow: AttachFiles }), overwrite('5', { deny: AttachFiles })],
    member,
    plain,
  ],
  ['nothing in a channel that is not seen', [overwrite('5', { deny: ViewChannel })], member, 0n],
  ['all for administrators', [overwrite('1', { deny: ViewChannel })], { ...member, roles: ['3'] }, ~0n],
  ['all for the owner', [overwrite('1', { deny: ViewChannel })], { ...member, user: { id: '9' } }, ~0n],
  [
    'only reading in timeout',
    [],
    { ...member, communication_disabled_until: new Date(now.getTime() + 1) },
    ViewChannel | ReadMessageHistory,
  ],
  ['all again after it', [], { ...member, communication_disabled_until: new Date(now.getTime() - 1) }, plain],
])('%s', (_name, overwrites, who, expected) => {
  expect(permissionsIn(guild, overwrites, who, now)).toBe(expected);
});
