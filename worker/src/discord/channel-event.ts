import { ComponentType, GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord-api-types/v10';
import { z } from 'zod';
import { type DiscordMessage, readMessage } from './message.ts';

/**
 * What a session reports of the channel, and of the interactions of the account's user. The latter only the
 * user's own session sees: a bot's knows messages alone.
 */
export type ChannelEvent =
  | { type: 'message'; message: DiscordMessage }
  | { type: 'deleted'; messageId: string }
  /** A message to the account's user alone. */
  | { type: 'direct message'; message: DiscordMessage }
  /** Discord passed the interaction on; its messages will name it by this id. */
  | { type: 'interaction'; nonce: string; interactionId: string }
  /** The application did not answer the interaction. */
  | { type: 'interaction failed'; nonce: string }
  /** The interaction opened a form for the user to fill in. */
  | { type: 'modal'; nonce: string; modal: Modal }
  /** A web page was opened for the user, in answer to an interaction or to none: only a person can use it. */
  | ({ type: 'web page'; nonce: string | null } & WebPage);

/** A form with text fields, as it was opened. It is sent back with the id of the interaction that opened it. */
export interface Modal {
  interactionId: string;
  customId: string;
  title: string;
  fields: { customId: string; value: string }[];
}

/** A web page that an application opened inside Discord. */
export interface WebPage {
  title: string;
  /** The application's own text for it. */
  customId: string;
  applicationId: string | null;
}

/** What an event of the gateway says about the channel; nothing for events of other channels and kinds. */
export function readDispatch(dispatch: GatewayDispatchPayload, channelId: string): ChannelEvent[] {
  switch (dispatch.t) {
    case GatewayDispatchEvents.MessageCreate:
    case GatewayDispatchEvents.MessageUpdate: {
      const isHere = dispatch.d.channel_id === channelId;
      // Those in a server's channels name it.
      const isDirect = dispatch.d.guild_id === undefined;
      const message = isHere || isDirect ? readMessage(dispatch.d) : undefined;
      return message ? [{ type: isHere ? 'message' : 'direct message', message }] : [];
    }
    case GatewayDispatchEvents.MessageDelete:
      return dispatch.d.channel_id === channelId ? [{ type: 'deleted', messageId: dispatch.d.id }] : [];
    case GatewayDispatchEvents.MessageDeleteBulk:
      return dispatch.d.channel_id === channelId
        ? dispatch.d.ids.map((messageId) => ({ type: 'deleted', messageId }))
        : [];
    default:
      return dispatch.t.startsWith('INTERACTION_') ? readInteractionEvent(dispatch) : [];
  }
}

// Events of users' sessions are not in Discord's documentation; their forms are those that public clients read.
const id = z.string();
const nonce = z.coerce.string();
const textField = z.object({
  type: z.literal(ComponentType.TextInput),
  custom_id: z.string(),
  value: z.string().default(''),
});
/** A row of fields, or the newer label with one. */
const formPart = z
  .object({ components: z.array(z.unknown()).default([]), component: z.unknown().optional() })
  .transform(({ components, component }) =>
    [...components, component].flatMap((field) => textField.safeParse(field).data ?? []),
  );

const interactionEvent = z.discriminatedUnion('t', [
  z.object({ t: z.literal('INTERACTION_CREATE'), d: z.object({ id, nonce }) }),
  z.object({ t: z.literal('INTERACTION_SUCCESS'), d: z.object({ id, nonce }) }),
  z.object({ t: z.literal('INTERACTION_FAILURE'), d: z.object({ nonce }) }),
  z.object({
    t: z.literal('INTERACTION_MODAL_CREATE'),
    d: z.object({ id, nonce, custom_id: z.string(), title: z.string(), components: z.array(formPart) }),
  }),
  z.object({
    t: z.literal('INTERACTION_IFRAME_MODAL_CREATE'),
    d: z.object({
      nonce: nonce.nullish(),
      title: z.string(),
      custom_id: z.string().default(''),
      application: z.object({ id }).optional(),
    }),
  }),
]);

function readInteractionEvent(dispatch: unknown): ChannelEvent[] {
  const { data: event } = interactionEvent.safeParse(dispatch);
  switch (event?.t) {
    case undefined:
      return [];
    case 'INTERACTION_CREATE':
    case 'INTERACTION_SUCCESS':
      return [{ type: 'interaction', nonce: event.d.nonce, interactionId: event.d.id }];
    case 'INTERACTION_FAILURE':
      return [{ type: 'interaction failed', nonce: event.d.nonce }];
    case 'INTERACTION_MODAL_CREATE': {
      const { id: interactionId, custom_id: customId, title, components } = event.d;
      const fields = components.flat().map(({ custom_id, value }) => ({ customId: custom_id, value }));
      return [{ type: 'modal', nonce: event.d.nonce, modal: { interactionId, customId, title, fields } }];
    }
    case 'INTERACTION_IFRAME_MODAL_CREATE': {
      const { title, custom_id: customId, application } = event.d;
      const page = { title, customId, applicationId: application?.id ?? null };
      return [{ type: 'web page', nonce: event.d.nonce ?? null, ...page }];
    }
  }
}
