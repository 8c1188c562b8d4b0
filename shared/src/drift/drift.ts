import type { TaskAction } from '../tasks/task.ts';

/**
 * What Midjourney or Discord send that this program does not know: a button, the words of a refusal (in an embed with or
 * without a title, or in plain text), the content of a message, a component, a new version of a command.
 */
export type DriftKind =
  | 'button'
  | 'titled embed'
  | 'untitled embed'
  | 'plain text'
  | 'content'
  | 'component'
  | 'command';

/** A message, with the messages before it, as Discord's gateway sends them, redacted. */
export interface MessageSample {
  session: 'bot' | 'user';
  /** The task that it was about, if any. */
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
  /** Its form, without anything of a client's; the same for everything that looks the same. */
  shape: string;
  sample: MessageSample | CommandSample;
}
