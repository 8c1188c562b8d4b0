/** The present time; a test may be at another one. Durations are measured by `performance.now` instead. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
