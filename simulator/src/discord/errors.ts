import type { ContentfulStatusCode } from 'hono/utils/http-status';

export interface FormError {
  code: string;
  message: string;
}

/** An answer with Discord's error body `{message, code, errors?}`. */
export class DiscordError extends Error {
  override readonly name = 'DiscordError';
  readonly status: ContentfulStatusCode;
  readonly code: number;
  readonly errors: object | undefined;
  /** Seconds, of a 429. */
  readonly retryAfter: number | undefined;

  constructor(
    status: ContentfulStatusCode,
    code: number,
    message: string,
    errors?: object,
    retryAfter?: number,
  ) {
    super(message);
    this.retryAfter = retryAfter;
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  get body(): object {
    const { message, code, errors, retryAfter } = this;
    return { message, code, errors, retry_after: retryAfter };
  }
}

// Codes and texts: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
export const unauthorized = () => new DiscordError(401, 0, '401: Unauthorized');
export const notFound = () => new DiscordError(404, 0, '404: Not Found');
export const unknownApplication = () => new DiscordError(404, 10002, 'Unknown Application');
export const unknownChannel = () => new DiscordError(404, 10003, 'Unknown Channel');
export const unknownGuild = () => new DiscordError(404, 10004, 'Unknown Guild');
export const unknownMessage = () => new DiscordError(404, 10008, 'Unknown Message');
export const unknownInteraction = () => new DiscordError(404, 10062, 'Unknown interaction');
export const unknownCommand = () => new DiscordError(404, 10063, 'Unknown application command');
export const usersOnly = () => new DiscordError(403, 20001, 'Bots cannot use this endpoint');
export const botsOnly = () => new DiscordError(403, 20002, 'Only bots can use this endpoint');
export const tooLarge = () => new DiscordError(413, 40005, 'Request entity too large');
export const missingAccess = () => new DiscordError(403, 50001, 'Missing Access');
export const emptyMessage = () => new DiscordError(400, 50006, 'Cannot send an empty message');
export const notJson = () => new DiscordError(400, 50109, 'The request body contains invalid JSON.');
export const uploadNotFound = () => new DiscordError(400, 50146, 'Uploaded file not found.');

export const unknownMember = () => new DiscordError(404, 10007, 'Unknown Member');
export const unknownUser = () => new DiscordError(404, 10013, 'Unknown User');
export const unknownEmoji = () => new DiscordError(400, 10014, 'Unknown Emoji');
export const cannotEditOthers = () =>
  new DiscordError(403, 50005, 'Cannot edit a message authored by another user');
export const missingPermissions = () => new DiscordError(403, 50013, 'Missing Permissions');
export const invalidRecipients = () => new DiscordError(400, 50033, 'Invalid Recipient(s)');

/** `retryAfter` in seconds. */
export function slowedDown(retryAfter: number): DiscordError {
  const message = 'This action cannot be performed due to slowmode rate limit';
  return new DiscordError(429, 20016, message, undefined, retryAfter);
}

/** `path` is dotted, e.g. `data.version`. */
export function invalidForm(path: string, error: FormError): DiscordError {
  const errors = path
    .split('.')
    .reduceRight<object>((inner, key) => ({ [key]: inner }), { _errors: [error] });
  return new DiscordError(400, 50035, 'Invalid Form Body', errors);
}
