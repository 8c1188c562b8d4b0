/** The current time, which tests can set. Durations are measured with `performance.now` instead. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
