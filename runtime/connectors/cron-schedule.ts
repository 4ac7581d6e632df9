/**
 * Reads a cron schedule of five fields, or six with seconds first, and finds its next times. Pure arithmetic in UTC; knows no clock and no timer.
 *
 * Fields: minute 0–59, hour 0–23, day of month 1–31, month 1–12 or JAN–DEC, day of week 0–7 (0 and 7 are Sunday) or SUN–SAT.
 * Each is `*`, a number, a range `1-5`, a step `* /5` (without the space), `10-50/10` or `5/15`, or a list of these.
 * As in every cron: when day of month and day of week are both restricted, a day that fits either fits.
 */

export interface CronSchedule {
  /** The first time strictly after `afterMs` (epoch ms), or undefined when none comes within eight years. */
  nextAfterMs(afterMs: number): number | undefined;
}

interface FieldRule {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const fieldRules: readonly FieldRule[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, names: monthNames },
  { name: "day of week", min: 0, max: 7, names: dayNames },
];

/** Before the others, where it is given; otherwise the full minute. */
const secondRule: FieldRule = { name: "second", min: 0, max: 59 };

const shorthands: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** 29 February is at most eight years away (around 2100). */
const horizonDays = 366 * 8;

/** @throws Error with a sentence that names the field and what is wrong with it. */
export function parseCron(text: string): CronSchedule {
  const parts = expandShorthand(text.trim()).split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) {
    throw new Error(
      `A schedule has five fields (minute, hour, day of month, month, day of week), or six with seconds before them; '${text}' has ${parts.length}.`,
    );
  }
  const seconds = parts.length === 6 ? parseField(parts[0]!, secondRule) : new Set([0]);
  const fields = parts.slice(-5);
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = fields.map((field, i) =>
    parseField(field, fieldRules[i]!),
  ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  if (daysOfWeek.has(7)) daysOfWeek.add(0);
  const anyDayOfMonth = fields[2]!.startsWith("*");
  const anyDayOfWeek = fields[4]!.startsWith("*");
  const dayFits = (day: Date): boolean => {
    if (!months.has(day.getUTCMonth() + 1)) return false;
    const byMonth = daysOfMonth.has(day.getUTCDate());
    const byWeek = daysOfWeek.has(day.getUTCDay());
    return anyDayOfMonth || anyDayOfWeek ? byMonth && byWeek : byMonth || byWeek;
  };
  const timesMs = timesOfDayMs(hours, minutes, seconds);
  return { nextAfterMs: (afterMs) => nextAfterMs(afterMs, dayFits, timesMs) };
}

function nextAfterMs(afterMs: number, dayFits: (day: Date) => boolean, timesMs: readonly number[]): number | undefined {
  const firstDayMs = Math.floor(afterMs / dayMs) * dayMs;
  for (let i = 0; i <= horizonDays; i++) {
    const startMs = firstDayMs + i * dayMs;
    if (!dayFits(new Date(startMs))) continue;
    const time = timesMs.find((ms) => startMs + ms > afterMs);
    if (time !== undefined) return startMs + time;
  }
  return undefined;
}

/** Ascending. */
function timesOfDayMs(
  hours: ReadonlySet<number>,
  minutes: ReadonlySet<number>,
  seconds: ReadonlySet<number>,
): readonly number[] {
  return [...hours]
    .flatMap((hour) => [...minutes].map((minute) => (hour * 60 + minute) * minuteMs))
    .flatMap((minute) => [...seconds].map((second) => minute + second * 1_000))
    .sort((a, b) => a - b);
}

function expandShorthand(text: string): string {
  if (!text.startsWith("@")) return text;
  const name = text.toLowerCase();
  if (!Object.hasOwn(shorthands, name)) {
    throw new Error(`'${text}' is not a schedule. There are ${Object.keys(shorthands).join(", ")}, or five fields.`);
  }
  return shorthands[name]!;
}

function parseField(text: string, rule: FieldRule): Set<number> {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const [range, step, ...more] = item.split("/");
    if (range === undefined || range === "" || more.length > 0) throw wrong(rule, text);
    const [from, to] = parseRange(range, step !== undefined, rule, text);
    const by = step === undefined ? 1 : parseNumber(step, rule, text);
    if (by < 1 || from > to) throw wrong(rule, text);
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return values;
}

/** `5/15` counts from 5 to the field's end. */
function parseRange(range: string, hasStep: boolean, rule: FieldRule, text: string): readonly [number, number] {
  if (range === "*") return [rule.min, rule.name === "day of week" ? 6 : rule.max];
  const [first, last, ...more] = range.split("-");
  if (first === undefined || more.length > 0) throw wrong(rule, text);
  const from = parseValue(first, rule, text);
  if (last === undefined) return [from, hasStep ? rule.max : from];
  const to = parseValue(last, rule, text);
  // SAT-SUN reads as 6-7.
  return [from, to === 0 && rule.name === "day of week" && from > 0 ? 7 : to];
}

function parseValue(value: string, rule: FieldRule, text: string): number {
  const named = rule.names?.indexOf(value.toUpperCase()) ?? -1;
  if (named >= 0) return named + rule.min;
  const number = parseNumber(value, rule, text);
  if (number < rule.min || number > rule.max) throw wrong(rule, text);
  return number;
}

function parseNumber(value: string, rule: FieldRule, text: string): number {
  if (!/^\d{1,3}$/.test(value)) throw wrong(rule, text);
  return Number(value);
}

function wrong(rule: FieldRule, text: string): Error {
  const names = rule.names === undefined ? "" : ` or ${rule.names[0]}–${rule.names.at(-1)}`;
  return new Error(
    `The ${rule.name} field of a schedule is a number from ${rule.min} to ${rule.max}${names}, a range, a step or a list; not '${text}'.`,
  );
}
