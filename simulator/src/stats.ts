interface DeskLoad {
  drawing: number;
  open: number;
  maxDrawing: number;
  maxOpen: number;
  since: number;
  /** The sum over slots of the time they drew. */
  busySlotMs: number;
  /** The time without any drawing, counted from the first job on. */
  idleMs: number;
}

/** Statistics of each account. */
export class Stats {
  readonly #loads = new Map<string, DeskLoad>();
  readonly #calls = new Map<string, Map<string, Record<string, number>>>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A desk, an account's for pictures or videos, has now so many jobs being drawn, and so many in all. */
  noteLoad(desk: string, drawing: number, open: number): void {
    const load = this.#loadOf(desk);
    this.#settle(load);
    load.drawing = drawing;
    load.open = open;
    load.maxDrawing = Math.max(load.maxDrawing, drawing);
    load.maxOpen = Math.max(load.maxOpen, open);
  }

  /** `who` is an account's user id, `bot:<id>` for a bot, or `nobody`. */
  noteCall(who: string, route: string, status: number | string): void {
    const routes = this.#calls.get(who) ?? new Map<string, Record<string, number>>();
    this.#calls.set(who, routes);
    const statuses = routes.get(route) ?? {};
    routes.set(route, statuses);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }

  load(desk: string): Omit<DeskLoad, 'since'> {
    const load = this.#loads.get(desk);
    if (!load) return { drawing: 0, open: 0, maxDrawing: 0, maxOpen: 0, busySlotMs: 0, idleMs: 0 };
    this.#settle(load);
    const { since: _, ...shown } = load;
    return shown;
  }

  callsBy(who: string): Record<string, Record<string, number>> {
    return Object.fromEntries(this.#calls.get(who) ?? []);
  }

  clear(): void {
    this.#loads.clear();
    this.#calls.clear();
  }

  #settle(load: DeskLoad): void {
    const passed = this.#now() - load.since;
    load.busySlotMs += passed * load.drawing;
    if (load.drawing === 0) load.idleMs += passed;
    load.since = this.#now();
  }

  #loadOf(desk: string): DeskLoad {
    const known = this.#loads.get(desk);
    if (known) return known;
    const made = {
      drawing: 0,
      open: 0,
      maxDrawing: 0,
      maxOpen: 0,
      since: this.#now(),
      busySlotMs: 0,
      idleMs: 0,
    };
    this.#loads.set(desk, made);
    return made;
  }
}
