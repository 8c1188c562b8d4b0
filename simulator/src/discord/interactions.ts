/** What Discord keeps of an interaction for the messages and events that answer it. */
interface NotedInteraction {
  /** The gateway session that it named: private answers go to this session only. */
  sessionId: string;
  /** Its user was in slow mode in that channel, so its answer is visible to that user only. */
  slowed: boolean;
}

const capacity = 10_000;

/** The latest interactions; the oldest are forgotten. */
export class Interactions {
  readonly #noted = new Map<string, NotedInteraction>();

  note(id: string, interaction: NotedInteraction): void {
    this.#noted.set(id, interaction);
    if (this.#noted.size <= capacity) return;
    for (const oldest of this.#noted.keys()) {
      this.#noted.delete(oldest);
      return;
    }
  }

  get(id: string | undefined): NotedInteraction | undefined {
    return id === undefined ? undefined : this.#noted.get(id);
  }
}
