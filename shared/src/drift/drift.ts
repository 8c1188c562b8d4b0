import type { TaskAction } from '../tasks/task.ts';

/**
 * What Midjourney or Discord send and this program does not know: a button, the words of a refusal (in an embed with a
 * title or without, or in plain text), the content of a message, a component, the new version of a command.
 */
export type DriftKind =
  | 'button'
  | 'titled embed'
  | 'untitled embed'
  | 'plain text'
  | 'content'
  | 'component'
  | 'command';

/** A message with what it followed, as Discord's gateway sends it, redacted. */
export interface MessageSample {
  session: 'bot' | 'user';
  /** The task that it was about, if it was about one. */
  task?: {
    action: TaskAction;
    nonce: string | null;
    sentAfterMessageId: string | null;
  };
  events: { t: string; d: Record<string, unknown> }[];
}

/** A command as Discord lists it. */
export interface CommandSample {
  command: { name: string; version: string };
}

export interface Drift {
  kind: DriftKind;
  /** What it looks like, without anything of a client's: the same for all that look alike. */
  shape: string;
  sample: MessageSample | CommandSample;
}
