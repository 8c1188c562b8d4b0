/** What Discord remembers of an interaction for the messages and events that answer it. */
interface NotedInteraction {
  /** The gateway session that it named: what answers it privately goes to that one alone. */
  sessionId: string;
  /** Its user was slowed down in that channel, so its answer is for that user alone. */
  slowed: boolean;
}

const capacity = 10_000;

/** The interactions of late, the oldest forgotten. */
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
