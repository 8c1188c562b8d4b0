/** When an account may send, every day. */
export interface WorkingHours {
  /** Minutes after midnight. */
  from: number;
  /** Minutes after midnight; less than `from` if the hours continue past midnight. */
  to: number;
  /** A name from the IANA time zone database. */
  zone: string;
}

const minuteMs = 60_000;
const dayMinutes = 1_440;

/** Parses `08:00-23:00` or `08:00-23:00@Europe/Berlin`. @returns undefined for anything else. */
export function parseWorkingHours(text: string): WorkingHours | undefined {
  const [, from = '', to = '', zone = 'UTC'] = /^([\d:]{5})-([\d:]{5})(?:@(\S+))?$/.exec(text) ?? [];
  const hours = { from: minutesOf(from), to: minutesOf(to), zone };
  return hours.from === undefined || hours.to === undefined || hours.from === hours.to || !isZone(zone)
    ? undefined
    : { from: hours.from, to: hours.to, zone };
}

/** @param at milliseconds since 1970 @returns `at`, or the next time within the hours. */
export function nextWorkingTime(hours: WorkingHours, at: number): number {
  let next = at;
  // Daylight saving time may begin or end in between, usually by an hour.
  for (let tries = 0; tries < 3 && !isWithin(hours, next); tries++) {
    const minutes = (hours.from - localMinutes(next, hours.zone) + dayMinutes) % dayMinutes;
    const usual = next - (next % minuteMs) + minutes * minuteMs;
    const changed = usual - (localMinutes(usual, hours.zone) - hours.from) * minuteMs;
    next = changed > next && isWithin(hours, changed) ? changed : usual;
  }
  return next;
}

function isWithin({ from, to, zone }: WorkingHours, at: number): boolean {
  const now = localMinutes(at, zone);
  return from < to ? from <= now && now < to : from <= now || now < to;
}

function localMinutes(at: number, zone: string): number {
  const parts = clockIn(zone).formatToParts(at);
  const part = (wanted: string) => Number(parts.find(({ type }) => type === wanted)?.value);
  return part('hour') * 60 + part('minute');
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(zone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  clocks.set(zone, clock);
  return clock;
}

function isZone(zone: string): boolean {
  try {
    clockIn(zone);
    return true;
  } catch {
    return false;
  }
}

function minutesOf(clock: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}
